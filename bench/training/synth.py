"""FluidSynth in this process: sound fonts are read once, however many pieces they play.

The command line would read a font anew for every piece, which takes longer than playing it.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

MAX_S = 400.0
_PLAYING = 1


class Synthesiser:
    """A FluidSynth with one sound font, without reverberation and chorus."""

    def __init__(self, font: Path, sample_rate: int, *, gain: float = 0.5) -> None:
        self._lib = _library()
        self._lib.fluid_set_log_function(2, None, None)
        self._settings = self._lib.new_fluid_settings()
        self._folder = tempfile.TemporaryDirectory()
        self._wave = Path(self._folder.name) / "score.wav"
        self._rate = sample_rate
        for name, number in (("synth.gain", gain), ("synth.sample-rate", float(sample_rate))):
            self._lib.fluid_settings_setnum(self._settings, name.encode(), ctypes.c_double(number))
        for name, switch in (
            ("synth.reverb.active", 0),
            ("synth.chorus.active", 0),
            ("synth.lock-memory", 0),
        ):
            self._lib.fluid_settings_setint(self._settings, name.encode(), switch)
        for name, text in (
            ("audio.file.name", str(self._wave)),
            ("audio.file.type", "wav"),
            ("player.timing-source", "sample"),
        ):
            self._lib.fluid_settings_setstr(self._settings, name.encode(), text.encode())
        self._synth = self._lib.new_fluid_synth(self._settings)
        if self._lib.fluid_synth_sfload(self._synth, str(font).encode(), 1) < 0:
            raise SystemExit(f"FluidSynth cannot read {font}")

    def play(self, midi: Path, *, tail_s: float = 2.0) -> np.ndarray:
        """Return a MIDI file as ``(2, time)`` float32, with what rings on after the last event."""
        lib = self._lib
        lib.fluid_synth_system_reset(self._synth)
        player = lib.new_fluid_player(self._synth)
        lib.fluid_player_add(player, str(midi).encode())
        lib.fluid_player_play(player)
        renderer = lib.new_fluid_file_renderer(self._synth)
        blocks, most = 0, int(MAX_S * self._rate / 64)
        while lib.fluid_player_get_status(player) == _PLAYING and blocks < most:
            lib.fluid_file_renderer_process_block(renderer)
            blocks += 1
        for _ in range(int(tail_s * self._rate / 64)):
            lib.fluid_file_renderer_process_block(renderer)
        lib.delete_fluid_file_renderer(renderer)
        lib.delete_fluid_player(player)
        samples, _ = soundfile.read(self._wave, dtype="float32", always_2d=True)
        return np.ascontiguousarray(samples.T)


@functools.cache
def synthesiser(font: Path, sample_rate: int) -> Synthesiser:
    """Return this process's synthesiser for a font."""
    return Synthesiser(font, sample_rate)


@functools.cache
def _library() -> Any:
    name = ctypes.util.find_library("fluidsynth")
    if name is None:
        raise SystemExit("rendering needs FluidSynth: sudo apt-get install fluidsynth")
    lib = ctypes.CDLL(name)
    pointer = ctypes.c_void_p
    for function, result, arguments in (
        ("fluid_set_log_function", pointer, [ctypes.c_int, pointer, pointer]),
        ("new_fluid_settings", pointer, []),
        ("fluid_settings_setnum", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_double]),
        ("fluid_settings_setint", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_int]),
        ("fluid_settings_setstr", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_char_p]),
        ("new_fluid_synth", pointer, [pointer]),
        ("fluid_synth_sfload", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_int]),
        ("fluid_synth_system_reset", ctypes.c_int, [pointer]),
        ("new_fluid_player", pointer, [pointer]),
        ("fluid_player_add", ctypes.c_int, [pointer, ctypes.c_char_p]),
        ("fluid_player_play", ctypes.c_int, [pointer]),
        ("fluid_player_get_status", ctypes.c_int, [pointer]),
        ("new_fluid_file_renderer", pointer, [pointer]),
        ("fluid_file_renderer_process_block", ctypes.c_int, [pointer]),
        ("delete_fluid_file_renderer", None, [pointer]),
        ("delete_fluid_player", None, [pointer]),
    ):
        getattr(lib, function).restype = result
        getattr(lib, function).argtypes = arguments
    return lib
