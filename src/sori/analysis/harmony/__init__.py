"""Tuning, pitch classes, chords and keys."""
