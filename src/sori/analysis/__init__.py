"""What the music does: arrays in, events out."""
