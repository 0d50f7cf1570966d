"""FluidSynth with fonts held open: a sound font is read once, and every piece gets a synthesiser of its own.

One that has played before still knows a little of it, so that pieces would depend on their order.
"""

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
_WARNINGS = 2


class Synth:
    """One sound font, ready to play."""

    def __init__(self, font: Path, sample_rate: int) -> None:
        name = ctypes.util.find_library("fluidsynth")
        if name is None or not font.is_file():
            raise SystemExit(f"training needs FluidSynth's library and {font}")
        self._lib = lib = ctypes.CDLL(name)
        for function in ("new_fluid_settings", "new_fluid_synth", "fluid_synth_get_sfont"):
            getattr(lib, function).restype = ctypes.c_void_p
        lib.fluid_set_log_function(_WARNINGS, None, None)  # of channels that have no font yet
        settings = ctypes.c_void_p(lib.new_fluid_settings())
        lib.fluid_settings_setnum(settings, b"synth.sample-rate", ctypes.c_double(sample_rate))
        lib.fluid_settings_setnum(settings, b"synth.gain", ctypes.c_double(0.4))
        lib.fluid_settings_setint(settings, b"synth.reverb.active", 0)
        lib.fluid_settings_setint(settings, b"synth.chorus.active", 0)
        lib.fluid_settings_setint(settings, b"synth.polyphony", _POLYPHONY)
        self._settings, self._rate = settings, sample_rate
        self._holder = ctypes.c_void_p(lib.new_fluid_synth(settings))
        if lib.fluid_synth_sfload(self._holder, str(font).encode(), 0) < 0:
            raise SystemExit(f"{font} cannot be read")
        self._font = ctypes.c_void_p(lib.fluid_synth_get_sfont(self._holder, 0))

    def play(self, events: list[tuple[float, mido.Message]], seconds: float) -> NDArray[np.float32]:
        """Return mono samples of messages in order of time (seconds)."""
        lib = self._lib
        player = ctypes.c_void_p(lib.new_fluid_synth(self._settings))
        lib.fluid_synth_add_sfont(player, self._font)
        lib.fluid_synth_system_reset(player)  # channels find their programs in the font
        out = np.zeros((2, round(seconds * self._rate)), np.float32)
        done = 0
        for time, message in [*events, (seconds, None)]:
            until = min(round(time * self._rate), out.shape[1])
            if until > done:
                at = [out[side, done:].ctypes.data_as(ctypes.c_void_p) for side in (0, 1)]
                lib.fluid_synth_write_float(player, until - done, at[0], 0, 1, at[1], 0, 1)
                done = until
            if message is not None:
                self._send(player, message)
        lib.fluid_synth_system_reset(player)
        lib.fluid_synth_remove_sfont(player, self._font)
        lib.delete_fluid_synth(player)
        return np.asarray(out.mean(axis=0))

    def _send(self, player: ctypes.c_void_p, message: mido.Message) -> None:
        lib, channel = self._lib, message.channel
        match message.type:
            case "note_on":
                lib.fluid_synth_noteon(player, channel, message.note, message.velocity)
            case "note_off":
                lib.fluid_synth_noteoff(player, channel, message.note)
            case "program_change":
                lib.fluid_synth_program_change(player, channel, message.program)
            case "control_change":
                lib.fluid_synth_cc(player, channel, message.control, message.value)
            case "pitchwheel":
                lib.fluid_synth_pitch_bend(player, channel, message.pitch + 8192)


@lru_cache(maxsize=2)
def synth(font: Path, sample_rate: int) -> Synth:
    """Return the synthesiser of a sound font, opened once in each process."""
    return Synth(font, sample_rate)
