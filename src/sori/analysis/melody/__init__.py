"""Fundamental frequency, the tune, notes."""
