"""Waveform to waveform, and what can be measured on a waveform itself."""
