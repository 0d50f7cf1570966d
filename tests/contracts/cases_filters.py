"""Filters, weightings and changes of sample rate under contract."""

from __future__ import annotations

from functools import partial
from typing import Any

from contracts.case import Case
from sori.arrays import real
from sori.signal.biquad import all_pass, high_shelf, low_shelf, notch, peaking
from sori.signal.butterworth import band_pass, band_stop, high_pass, low_pass
from sori.signal.emphasis import deemphasis, preemphasis
from sori.signal.equal_loudness import equal_loudness_weight, loudness_levels
from sori.signal.filtering import (
    filter_block,
    filter_both_ways,
    filter_designed,
    filter_sections,
    smooth,
)
from sori.signal.fir import fir_filter
from sori.signal.resampling import resample
from sori.signal.weighting import a_weight, c_weight, weighted_level_db

# Two sections: a fourth-order low-pass at 1 kHz and 44.1 kHz, to a few digits.
SECTIONS = (
    ((2.2e-5, 4.4e-5, 2.2e-5), (-1.7410, 0.7598)),
    ((1.0, 2.0, 1.0), (-1.8773, 0.8972)),
)
FORTY_HZ = tuple(50.0 * 1.15**k for k in range(40))
TAPS = tuple(0.5 * 0.97**k for k in range(300))
FILTERING = "sori.signal.filtering."
FIR = "sori.signal.fir."
WEIGHTING = "sori.signal.weighting."
LOUD = "sori.signal.equal_loudness."
BIQUAD = "sori.signal.biquad."
BUTTERWORTH = "sori.signal.butterworth."


def designed() -> Any:
    return SECTIONS


def smooth_from_the_first(x: Any) -> Any:
    _, x = real(x)
    return smooth(x, 0.1, initial=x[..., :1])


def smooth_by_another(x: Any, c: Any) -> Any:
    _, x = real(x)
    _, c = real(c)
    return smooth(x, 0.2 + 0.5 * c[..., :1], initial=x[..., :1])


CASES = {
    FILTERING + "filter_sections": [Case(lambda x: filter_sections(x, SECTIONS), "wave")],
    FILTERING + "filter_designed": [Case(lambda x: filter_designed(x, designed), "wave")],
    FIR + "fir_filter": [
        Case(lambda x: fir_filter(x, TAPS[:7], delay="full"), "wave"),
        Case(lambda x: fir_filter(x, TAPS[:90], delay="same"), "wave"),
        Case(lambda x: fir_filter(x, TAPS, delay="same"), "wave"),
        Case(lambda x, taps: fir_filter(x, 0.01 * taps), "wave", "short"),
    ],
    WEIGHTING + "a_weight": [Case(lambda x: a_weight(x, sample_rate=22050), "wave")],
    WEIGHTING + "c_weight": [Case(lambda x: c_weight(x, sample_rate=44100), "wave")],
    WEIGHTING + "weighted_level_db": [
        Case(lambda level: weighted_level_db(level, frequencies_hz=FORTY_HZ), "level_db"),
        Case(lambda level: weighted_level_db(level, frequencies_hz=FORTY_HZ, weighting="C"), "level_db"),
    ],
    LOUD + "equal_loudness_weight": [
        Case(lambda x: equal_loudness_weight(x, sample_rate=22050), "wave"),
        Case(lambda x: equal_loudness_weight(x, sample_rate=22050, phon=20.0), "short"),
    ],
    LOUD + "loudness_levels": [
        Case(lambda level: loudness_levels(level, frequencies_hz=FORTY_HZ), "level_db"),
    ],
    "sori.signal.resampling.resample": [
        Case(
            partial(resample, orig_sr=22050, target_sr=target, quality=quality, method="sinc"),
            kind,
        )
        for target, quality, kind in (
            (16000, "high", "wave"),
            (44100, "medium", "wave"),
            (24000.5, "low", "wave"),
            (22051, "high", "short"),
            (4001, "medium", "wave"),
        )
    ],
    FILTERING + "filter_block": [
        Case(lambda x: filter_block(x, SECTIONS), "wave"),
        Case(lambda x: filter_block(x, SECTIONS, state=filter_block(x, SECTIONS)[1]), "short"),
    ],
    FILTERING + "filter_both_ways": [Case(lambda x: filter_both_ways(x, SECTIONS), "wave")],
    FILTERING + "smooth": [
        Case(lambda x: smooth(x, 0.025), "mel"),
        Case(smooth_from_the_first, "mel"),
        Case(smooth_by_another, "mel", "mel"),
    ],
    BIQUAD + "all_pass": [Case(lambda x: all_pass(x, sample_rate=22050, centre_hz=500), "wave")],
    BIQUAD + "high_shelf": [
        Case(lambda x: high_shelf(x, sample_rate=22050, cutoff_hz=500, gain_db=6), "wave")
    ],
    BIQUAD + "low_shelf": [
        Case(lambda x: low_shelf(x, sample_rate=22050, cutoff_hz=500, gain_db=-6, slope=0.5), "wave")
    ],
    BIQUAD + "notch": [Case(lambda x: notch(x, sample_rate=22050, centre_hz=50), "wave")],
    BIQUAD + "peaking": [Case(lambda x: peaking(x, sample_rate=22050, centre_hz=500, gain_db=6), "wave")],
    BUTTERWORTH + "low_pass": [
        Case(lambda x: low_pass(x, sample_rate=22050, cutoff_hz=300, order=5), "wave"),
        Case(lambda x: low_pass(x, sample_rate=22050, cutoff_hz=300, zero_phase=True), "wave"),
    ],
    BUTTERWORTH + "high_pass": [Case(lambda x: high_pass(x, sample_rate=22050, cutoff_hz=300), "wave")],
    BUTTERWORTH + "band_pass": [
        Case(lambda x: band_pass(x, sample_rate=22050, low_hz=300, high_hz=3000), "wave")
    ],
    BUTTERWORTH + "band_stop": [
        Case(lambda x: band_stop(x, sample_rate=22050, low_hz=300, high_hz=3000), "wave")
    ],
    "sori.signal.emphasis.preemphasis": [Case(preemphasis, "wave")],
    "sori.signal.emphasis.deemphasis": [Case(lambda x: deemphasis(x, coefficient=0.9), "wave")],
}

NUMPY_ONLY = {
    FILTERING + "checked_sections": "takes numbers",
    BUTTERWORTH + "butterworth_sections": "designs a filter",
    BIQUAD + "check_frequency": "takes numbers",
    **{
        f"{BIQUAD}{kind}_biquad": "designs a filter"
        for kind in (
            "all_pass",
            "band_pass",
            "high_pass",
            "high_shelf",
            "low_pass",
            "low_shelf",
            "notch",
            "peaking",
        )
    },
    **dict.fromkeys(
        (
            "sori.signal.state_space.gathering",
            "sori.signal.state_space.injection",
            "sori.signal.state_space.jump",
            "sori.signal.state_space.observation",
            "sori.signal.state_space.response",
            "sori.signal.state_space.settled",
            "sori.signal.state_space.spreading",
        ),
        "builds a constant",
    ),
    "sori.signal.resampling.phase_weights": "builds a constant",
    "sori.signal.resampling.polynomial_filters": "builds a constant",
    "sori.signal.resampling.position_powers": "builds a constant",
    WEIGHTING + "a_weighting_db": "takes numbers",
    WEIGHTING + "c_weighting_db": "takes numbers",
    WEIGHTING + "weighting_sections": "designs a filter",
    LOUD + "equal_loudness_contour_db": "takes numbers",
    LOUD + "equal_loudness_taps": "designs a filter",
    LOUD + "equal_loudness_weighting_db": "takes numbers",
    LOUD + "phon_of_tone": "takes numbers",
    FIR + "fir_taps": "designs a filter",
    FIR + "kaiser_beta": "takes numbers",
    FIR + "even_smooth": "takes numbers",
    FIR + "kaiser_window": "builds a constant",
    FIR + "response_taps": "designs a filter",
    "sori.signal.recursive.RowFilter": "filters a stream of NumPy blocks in place",
    "sori.signal.true_peak.TruePeak": "measures a stream of samples in NumPy",
    "sori.signal.meter.Cells": "what a meter has measured",
    "sori.signal.meter.Meter": "measures a stream of samples in NumPy",
    "sori.signal.meter.channel_gains": "plain numbers",
    "sori.signal.meter.k_weighting": "plain numbers",
}
MAKES_SOUND = "makes a sound of plain numbers"
NUMPY_ONLY |= dict.fromkeys(
    (
        "sori.signal.synthesis.adsr",
        "sori.signal.synthesis.as_float32",
        "sori.signal.synthesis.check_frequencies",
        "sori.signal.synthesis.chirp",
        "sori.signal.synthesis.clicks",
        "sori.signal.synthesis.harmonic_tone",
        "sori.signal.synthesis.sample_count",
        "sori.signal.synthesis.sawtooth",
        "sori.signal.synthesis.sine",
        "sori.signal.synthesis.square",
        "sori.signal.instruments.clap",
        "sori.signal.instruments.cymbal",
        "sori.signal.instruments.membrane",
        "sori.signal.instruments.plucked_string",
        "sori.signal.instruments.snare",
        "sori.signal.noise.brown_noise",
        "sori.signal.noise.pink_noise",
        "sori.signal.noise.white_noise",
    ),
    MAKES_SOUND,
)
