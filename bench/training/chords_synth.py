"""FluidSynth held open: a sound font is read once, not for every piece."""

from __future__ import annotations

import ctypes
import ctypes.util
from functools import lru_cache
from pathlib import Path

import mido
import numpy as np
from numpy.typing import NDArray

__all__ = ["Synth", "synth"]

_POLYPHONY = 192


class Synth:
    """One sound font, ready to play."""

    def __init__(self, font: Path, sample_rate: int) -> None:
        name = ctypes.util.find_library("fluidsynth")
        if name is None or not font.is_file():
            raise SystemExit(f"training needs FluidSynth's library and {font}")
        self._lib = lib = ctypes.CDLL(name)
        for function in ("new_fluid_settings", "new_fluid_synth"):
            getattr(lib, function).restype = ctypes.c_void_p
        settings = ctypes.c_void_p(lib.new_fluid_settings())
        lib.fluid_settings_setnum(settings, b"synth.sample-rate", ctypes.c_double(sample_rate))
        lib.fluid_settings_setnum(settings, b"synth.gain", ctypes.c_double(0.4))
        lib.fluid_settings_setint(settings, b"synth.reverb.active", 0)
        lib.fluid_settings_setint(settings, b"synth.chorus.active", 0)
        lib.fluid_settings_setint(settings, b"synth.polyphony", _POLYPHONY)
        self._synth = ctypes.c_void_p(lib.new_fluid_synth(settings))
        self._rate = sample_rate
        if lib.fluid_synth_sfload(self._synth, str(font).encode(), 1) < 0:
            raise SystemExit(f"{font} cannot be read")

    def play(self, events: list[tuple[float, mido.Message]], seconds: float) -> NDArray[np.float32]:
        """Return mono samples of messages in order of time (seconds)."""
        lib, synth = self._lib, self._synth
        lib.fluid_synth_system_reset(synth)
        out = np.zeros((2, round(seconds * self._rate)), np.float32)
        done = 0
        for time, message in [*events, (seconds, None)]:
            until = min(round(time * self._rate), out.shape[1])
            if until > done:
                at = [out[side, done:].ctypes.data_as(ctypes.c_void_p) for side in (0, 1)]
                lib.fluid_synth_write_float(synth, until - done, at[0], 0, 1, at[1], 0, 1)
                done = until
            if message is not None:
                self._send(message)
        return np.asarray(out.mean(axis=0))

    def _send(self, message: mido.Message) -> None:
        lib, synth, channel = self._lib, self._synth, message.channel
        match message.type:
            case "note_on":
                lib.fluid_synth_noteon(synth, channel, message.note, message.velocity)
            case "note_off":
                lib.fluid_synth_noteoff(synth, channel, message.note)
            case "program_change":
                lib.fluid_synth_program_change(synth, channel, message.program)
            case "control_change":
                lib.fluid_synth_cc(synth, channel, message.control, message.value)
            case "pitchwheel":
                lib.fluid_synth_pitch_bend(synth, channel, message.pitch + 8192)


@lru_cache(maxsize=2)
def synth(font: Path, sample_rate: int) -> Synth:
    """Return the synthesiser of a sound font, opened once in each process."""
    return Synth(font, sample_rate)
