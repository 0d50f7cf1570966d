"""When things begin, how fast they go, where the beats and bars are."""
