"""What trains the small networks that Sori ships: music made for it, and the recipes."""
