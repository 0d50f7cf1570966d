"""The plain functions behind the effects under contract; their policies are tried in ``tests/effects``."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import numpy as np

from contracts.case import Case
from sori import effects
from sori.arrays import spectrogram, waveform
from sori.effects.bit_crush import bit_crush
from sori.effects.chorus import chorus
from sori.effects.clipping import clip_peaks
from sori.effects.delay import delay
from sori.effects.echo import echo
from sori.effects.fade import fade_each
from sori.effects.filtering_each import filter_each
from sori.effects.flanger import flanger
from sori.effects.gain import gain
from sori.effects.impulse_response import convolve_each
from sori.effects.masks import hide
from sori.effects.noise import add_at_snr, add_noise
from sori.effects.overdrive import overdrive
from sori.effects.phaser import phaser
from sori.effects.reading import read_back, read_from
from sori.effects.reverb import reverb
from sori.effects.telephone import telephone
from sori.effects.time_shift import time_shift
from sori.effects.time_warp import warp_time
from sori.effects.tremolo import tremolo
from sori.effects.vibrato import vibrato
from sori.signal.biquad import low_pass_biquad
from sori.signal.edges import rising

RATE = 22050
ROOM = "sori.effects."
SAME = "is the same whatever the samples are; tests/effects tries it in every library through its effects"
SOXR = "NumPy resamples by soxr, which passes other frequencies near the end of the spectrum"
RESAMPLES = "resample is under contract by the road that all libraries take; tests/effects tries the rest"
NO_SLOPE = "whole numbers have no slope"


def item(call: Callable[..., Any], **settings: Any) -> Callable[[Any], Any]:
    """Return a call on one item ``(1, ..., time)``."""
    return lambda x: call(waveform(x)[1][None, ...], **settings)[0, ...]


def picture(call: Callable[..., Any], **settings: Any) -> Callable[[Any], Any]:
    """Return a call on one spectrogram ``(1, ..., frequency, time)``."""
    return lambda S: call(spectrogram(S)[1][None, ...], **settings)[0, ...]


def late(x: Any) -> Any:
    """Return items from between 9 and 10 samples ago."""
    xp, x = waveform(x)
    if not x.shape[-1]:
        return x
    ago = 9.3 + xp.zeros((1, x.shape[-1]), dtype=x.dtype)
    return read_back(x, ago, longest=10.0)


def policies() -> dict[str, str]:
    """Return every class of the room."""
    found = {}
    for module in pkgutil.iter_modules(effects.__path__):
        for name, value in vars(importlib.import_module(ROOM + module.name)).items():
            if inspect.isclass(value) and value.__module__ == ROOM + module.name and name[0] != "_":
                found[f"{ROOM}{module.name}.{name}"] = "a policy; tests/effects tries every one"
    return found


WOBBLE: dict[str, Any] = {"sample_rate": RATE, "rate_hz": 5.0, "phase": 0.3}

CASES = {
    ROOM + "gain.gain": [Case(lambda x: gain(x, gain_db=-3.0), "short")],
    ROOM + "delay.delay": [
        Case(item(lambda x: delay(x, sample_rate=RATE, delay_s=[[0.01]])), "short"),
    ],
    ROOM + "time_shift.time_shift": [
        Case(lambda x: time_shift(x, sample_rate=RATE, shift_s=-0.01), "short"),
        Case(lambda x: time_shift(x, sample_rate=RATE, shift_s=0.02, wrap=True), "short"),
    ],
    ROOM + "fade.fade_each": [
        Case(item(fade_each, sample_rate=RATE, in_s=0.02, out_s=0.05, shape="exponential"), "short")
    ],
    ROOM + "reading.read_from": [Case(item(read_from, starts=np.array([7])), "short")],
    ROOM + "reading.read_back": [Case(item(late), "short")],
    ROOM + "tremolo.tremolo": [Case(item(tremolo, depth=0.7, wave="triangle", **WOBBLE), "short")],
    ROOM + "vibrato.vibrato": [Case(item(vibrato, extent_cents=40.0, **WOBBLE), "short")],
    ROOM + "chorus.chorus": [
        Case(
            item(chorus, depth_s=0.002, delay_s=0.01, mix=0.5, **WOBBLE),
            "short",
            float32_tolerance=1e-4,
            note="in single precision a delay of hundreds of samples is known to some 1e-5 of one",
        )
    ],
    ROOM + "flanger.flanger": [
        Case(item(flanger, depth_s=0.002, delay_s=0.001, feedback=0.6, mix=0.5, **WOBBLE), "short")
    ],
    ROOM + "phaser.phaser": [
        Case(item(phaser, low_hz=300.0, high_hz=2000.0, feedback=0.5, mix=0.5, **WOBBLE), "short")
    ],
    ROOM + "echo.echo": [Case(item(echo, sample_rate=RATE, delay_s=0.01, decay_db=6.0, repeats=3), "short")],
    ROOM + "overdrive.overdrive": [
        Case(
            item(overdrive, drive_db=20.0),
            "short",
            batch=False,
            note="an item has one level, whatever axes it has",
        )
    ],
    ROOM + "clipping.clip_peaks": [
        Case(
            item(clip_peaks, below_peak_db=6.0),
            "short",
            batch=False,
            note="an item has one peak, whatever axes it has",
        )
    ],
    ROOM + "bit_crush.bit_crush": [
        Case(lambda x: bit_crush(x, bits=6, hold=3), "unit", gradient=False, note=NO_SLOPE)
    ],
    ROOM + "telephone.telephone": [
        Case(
            lambda x: telephone(x, sample_rate=RATE, law="a"),
            "wave",
            gradient=False,
            float32_tolerance=0.05,
            float64_tolerance=0.05,
            note=NO_SLOPE + "; " + SOXR,
        )
    ],
    ROOM + "filtering_each.filter_each": [
        Case(
            item(filter_each, sections=[low_pass_biquad(sample_rate=RATE, cutoff_hz=900.0, q=3.0)]),
            "short",
            float64_tolerance=1e-6,
            note="NumPy filters recursively, the others convolve with what is louder than single precision",
        )
    ],
    ROOM + "reverb.reverb": [
        Case(item(reverb, sample_rate=RATE, decay_s=0.2, wet_db=-3.0, seeds=[5], predelay_s=0.005), "short")
    ],
    ROOM + "impulse_response.convolve_each": [
        Case(item(convolve_each, responses=[np.hanning(40)], mix=0.7), "short")
    ],
    ROOM + "noise.add_noise": [
        Case(
            item(add_noise, sample_rate=RATE, snr_db=10.0, seeds=[3], colour="pink"),
            "short",
            batch=False,
            note="each channel of an item has noise of its own",
        )
    ],
    ROOM + "noise.add_at_snr": [
        Case(
            lambda x, y: add_at_snr(waveform(x)[1][None, ...], waveform(y)[1][None, ...], snr_db=6.0)[0, ...],
            "short",
            "short",
            batch=False,
            note="an item has one level, whatever axes it has",
        )
    ],
    ROOM + "masks.hide": [
        Case(
            picture(hide, masks=[[[3, 10], [20, 5]]], axis=-2),
            "mel",
            batch=False,
            note="an item has one mean",
        ),
        Case(picture(hide, masks=[[[3, 10]]], axis=-1, fill="zero"), "mel"),
    ],
    ROOM + "time_warp.warp_time": [Case(picture(warp_time, centre=15.0, shift=7.0), "mel")],
    "sori.signal.edges.rising": [Case(lambda x: rising(waveform(x)[1] ** 2, shape="cosine"), "unit")],
}

NUMPY_ONLY = {
    **policies(),
    ROOM + "effect.generator": "takes numbers",
    ROOM + "presets.chain_preset": "takes a name",
    ROOM + "frames.frame_length": "takes numbers",
    ROOM + "counted_noise.gaussian_noise": SAME,
    ROOM + "counted_noise.coloured_noise": SAME,
    ROOM + "reverb.room_noise": SAME,
    ROOM + "swing.swing": SAME,
    ROOM + "codec.coded": "encoders take plain memory",
    ROOM + "pitch_shift.shift_pitch": RESAMPLES,
    ROOM + "speed.speed": RESAMPLES,
    ROOM + "background.stretch_of": "takes a recording from disk",
    ROOM + "impulse_response.direct_first": "takes a recording from disk",
    ROOM + "recordings.checked_paths": "takes paths",
    ROOM + "filtering_each.drawable_hz": "takes numbers",
    ROOM + "masks.check_fill": "takes a word",
    ROOM + "time_warp.warped_event": "moves records",
    ROOM + "moved_events.retimed": "moves records",
    ROOM + "moved_events.transposed": "moves records",
    ROOM + "moved_events.warped": "moves records",
    **{
        ROOM + name: "draws plain numbers"
        for name in (
            "drawing.choice",
            "drawing.geometric",
            "drawing.seed",
            "drawing.uniform",
            "drawing.whole",
            "masks.drawn_masks",
            "time_warp.drawn_warp",
        )
    },
    **{
        ROOM + f"items.{name}": "brings parameters to items; every effect goes through it"
        for name in ("column", "columns", "gathered", "grouped", "largest", "numbered", "placed")
    },
}
