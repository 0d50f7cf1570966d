"""What musicians agreed on, as data: chords, keys, their names in several languages, fingerings, scales."""
