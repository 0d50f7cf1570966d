"""Sections, what repeats, what to hear first."""
