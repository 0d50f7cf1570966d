"""Pictures of sound, drawn with matplotlib, and a player for notebooks.

::

    waveform      samples, or their smallest and largest where there are too many to see; channels stacked
    envelope      peak and RMS level over time
    spectrogram   any array of rows over time: hertz, mel, notes, pitch classes, tempo, plain numbers
    phase         the angles of a complex spectrogram, on a colour wheel
    curve         one value over time, alone or over a spectrogram
    overview      all that was heard: sections, keys, chords, bars, the tune, tempo, loudness
    sonification  what was heard, played along: clicks, chords, a tone on the tune
    player        hear it in a notebook

Every drawing takes ``ax`` (a new figure is made without it) and returns it, and takes arrays of NumPy,
PyTorch and JAX. Nothing changes matplotlib's settings.
"""
