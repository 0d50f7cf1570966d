"""Waveform to time-frequency."""
