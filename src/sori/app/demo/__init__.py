"""A small library of our own music, made by our own synthesiser, to try everything on.

Ten styles, three songs each, every one with its exact truth: tempo, beats, key, chords, sections,
melody, tuning. No recording, sample or melody of anybody else's is in it.

>>> from sori.app.demo import songs, render
>>> song = songs(7)[0]
>>> samples, sample_rate, truth = render(song)      # doctest: +SKIP
>>> truth.tempo_bpm == song.tempo_bpm               # doctest: +SKIP
True
"""

from sori.app.demo.library import write_library
from sori.app.demo.render import render
from sori.app.demo.score import Truth
from sori.app.demo.songs import Song, songs

__all__ = ["Song", "Truth", "render", "songs", "write_library"]
