"""Level, dynamics, companding, quantisation, edges, excerpts and mixing under contract."""

from __future__ import annotations

from typing import Any

import numpy as np

from contracts.case import Case
from sori.arrays import waveform
from sori.signal.companding import (
    g711_alaw_decode,
    g711_alaw_encode,
    g711_mulaw_decode,
    g711_mulaw_encode,
    mu_law_compress,
    mu_law_decode,
    mu_law_encode,
    mu_law_expand,
)
from sori.signal.dynamics import compressor, gate, limiter
from sori.signal.edges import fade, fade_in, fade_out, fix_length
from sori.signal.excerpts import centre_excerpt, excerpt, loudest_excerpt
from sori.signal.gated_loudness import integrated_lufs, k_weighted, momentary_lufs, short_term_lufs
from sori.signal.level import normalize_peak, normalize_rms, peak, peak_level, rms, rms_level
from sori.signal.loudness_target import normalize_loudness
from sori.signal.mixing import downmix_surround, left_right, mid_side, mix_at_snr, pan, to_mono, to_stereo
from sori.signal.quantization import from_integer, requantize, to_integer
from sori.signal.running_sum import running_sum
from sori.signal.true_peak import peak_around, true_peak, true_peak_dbtp

QUANTISED = "whole numbers have no slope"
LEVEL = "sori.signal.level."
COMPANDING = "sori.signal.companding."
QUANTIZATION = "sori.signal.quantization."
EDGES = "sori.signal.edges."
EXCERPTS = "sori.signal.excerpts."
MIXING = "sori.signal.mixing."
LOUDNESS = "sori.signal.gated_loudness."
TRUE_PEAK = "sori.signal.true_peak."
DYNAMICS = "sori.signal.dynamics."


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def channels(x: Any, count: int = 2) -> Any:
    """Make channels of one signal: itself, ever softer and turned over."""
    xp, x = waveform(x)
    return xp.stack([x * (-0.7) ** k for k in range(count)], axis=-2)


def sixteen_bits(x: Any) -> Any:
    return to_integer(x, bits=16, over="saturate")


def normalized(x: Any, over: Any) -> Any:
    return normalize_loudness(channels(x), sample_rate=22050, target_lufs=-9.0, over=over)


CASES = {
    LOUDNESS + "integrated_lufs": [
        Case(lambda x: integrated_lufs(channels(x), sample_rate=22050), "wave"),
        Case(lambda x: integrated_lufs(channels(x, 6), sample_rate=22050), "wave"),
        Case(lambda x: integrated_lufs(channels(x, 1), sample_rate=22050), "wave"),
    ],
    LOUDNESS + "momentary_lufs": [
        Case(lambda x: momentary_lufs(channels(x), sample_rate=22050, hop_s=0.01).lufs, "wave")
    ],
    LOUDNESS + "short_term_lufs": [
        Case(lambda x: short_term_lufs(channels(x), sample_rate=4000).lufs, "wave")
    ],
    LOUDNESS + "k_weighted": [Case(lambda x: k_weighted(x, sample_rate=22050), "wave")],
    "sori.signal.loudness_target.normalize_loudness": [
        Case(lambda x: normalized(x, "reduce"), "wave"),
        Case(lambda x: normalized(x, "limit"), "wave"),
    ],
    TRUE_PEAK + "true_peak": [
        Case(true_peak, "wave"),
        Case(lambda x: true_peak(channels(x), linked=True), "wave"),
    ],
    TRUE_PEAK + "true_peak_dbtp": [Case(true_peak_dbtp, "wave")],
    TRUE_PEAK + "peak_around": [Case(peak_around, "wave")],
    DYNAMICS + "compressor": [
        Case(lambda x: compressor(x, sample_rate=22050), "wave"),
        Case(
            lambda x: compressor(channels(x), sample_rate=22050, knee_db=0, attack_s=0, linked=True), "wave"
        ),
    ],
    DYNAMICS + "limiter": [
        Case(lambda x: limiter(x, sample_rate=22050, ceiling_dbtp=-12.0), "wave"),
        Case(lambda x: limiter(channels(2 * x), sample_rate=22050, lookahead_s=0.001, linked=True), "wave"),
    ],
    DYNAMICS + "gate": [
        Case(lambda x: gate(x, sample_rate=22050, threshold_db=-10.0, hold_s=0.001, release_s=0.005), "wave"),
        Case(lambda x: gate(channels(x), sample_rate=22050, linked=True), "wave"),
    ],
    "sori.signal.running_sum.running_sum": [Case(lambda x: running_sum(waveform(x)[1], 100), "short")],
    LEVEL + "peak": [
        Case(peak, "wave"),
        Case(lambda x: peak(channels(x), linked=True), "wave"),
    ],
    LEVEL + "rms": [Case(rms, "wave"), Case(lambda x: rms(channels(x), linked=True), "wave")],
    LEVEL + "peak_level": [Case(peak_level, "wave")],
    LEVEL + "rms_level": [Case(rms_level, "wave")],
    LEVEL + "normalize_peak": [
        Case(normalize_peak, "wave"),
        Case(lambda x: normalize_peak(channels(x), target_dbfs=-6.0, linked=True), "wave"),
    ],
    LEVEL + "normalize_rms": [
        Case(lambda x: normalize_rms(x, target_dbfs=-25.0), "wave"),
        Case(lambda x: normalize_rms(x, target_dbfs=-3.0, over="reduce"), "wave"),
        Case(lambda x: normalize_rms(x, target_dbfs=-3.0, over="allow"), "wave"),
    ],
    COMPANDING + "mu_law_compress": [
        Case(mu_law_compress, "unit"),
        Case(lambda x: mu_law_compress(x, mu=10.0), "unit"),
    ],
    COMPANDING + "mu_law_expand": [Case(mu_law_expand, "unit")],
    COMPANDING + "mu_law_encode": [Case(mu_law_encode, "unit", gradient=False, note=QUANTISED)],
    COMPANDING + "mu_law_decode": [
        Case(
            lambda x: mu_law_decode(mu_law_encode(x), double="64" in str(x.dtype)),
            "unit",
            gradient=False,
            note=QUANTISED,
        )
    ],
    COMPANDING + "g711_mulaw_encode": [
        Case(lambda x: g711_mulaw_encode(sixteen_bits(x)), "unit", gradient=False, note=QUANTISED)
    ],
    COMPANDING + "g711_mulaw_decode": [
        Case(
            lambda x: g711_mulaw_decode(g711_mulaw_encode(sixteen_bits(x))),
            "unit",
            gradient=False,
            note=QUANTISED,
        )
    ],
    COMPANDING + "g711_alaw_encode": [
        Case(lambda x: g711_alaw_encode(sixteen_bits(x)), "unit", gradient=False, note=QUANTISED)
    ],
    COMPANDING + "g711_alaw_decode": [
        Case(
            lambda x: g711_alaw_decode(g711_alaw_encode(sixteen_bits(x))),
            "unit",
            gradient=False,
            note=QUANTISED,
        )
    ],
    QUANTIZATION + "to_integer": [
        Case(sixteen_bits, "unit", gradient=False, note=QUANTISED),
        Case(lambda x: to_integer(x, bits=24), "unit", gradient=False, note=QUANTISED),
        Case(lambda x: to_integer(x, bits=8, unsigned=True), "unit", gradient=False, note=QUANTISED),
    ],
    QUANTIZATION + "requantize": [
        Case(lambda x: requantize(x, bits=8, over="saturate"), "unit", gradient=False, note=QUANTISED),
        Case(
            lambda x: requantize(x, bits=8, dither="triangular", rng=rng(), over="saturate"),
            "unit",
            gradient=False,
            batch=False,
            note=QUANTISED + "; each member of a batch has noise of its own",
        ),
        Case(
            lambda x: requantize(x, bits=4, shaping=True, over="saturate"),
            "unit",
            gradient=False,
            note=QUANTISED,
        ),
    ],
    QUANTIZATION + "from_integer": [
        Case(
            lambda x: from_integer(sixteen_bits(x), double="64" in str(x.dtype)),
            "unit",
            gradient=False,
            note=QUANTISED,
        )
    ],
    EDGES + "fade": [Case(lambda x: fade(x, sample_rate=22050, in_s=0.1, out_s=0.2, shape="cosine"), "wave")],
    EDGES + "fade_in": [Case(lambda x: fade_in(x, sample_rate=22050, duration_s=0.1), "wave")],
    EDGES + "fade_out": [
        Case(lambda x: fade_out(x, sample_rate=22050, duration_s=0.1, shape="exponential"), "wave")
    ],
    EDGES + "fix_length": [
        Case(lambda x: fix_length(x, 30000, short="centre"), "wave"),
        Case(lambda x: fix_length(x, 30000, short="loop"), "wave"),
        Case(lambda x: fix_length(x, 3000, crop="random", rng=rng()), "wave"),
    ],
    EXCERPTS + "excerpt": [
        Case(lambda x: excerpt(x, sample_rate=22050, start_s=0.5, duration_s=0.7), "wave")
    ],
    EXCERPTS + "centre_excerpt": [
        Case(lambda x: centre_excerpt(x, sample_rate=22050, duration_s=0.5), "wave")
    ],
    EXCERPTS + "loudest_excerpt": [
        Case(lambda x: loudest_excerpt(x, sample_rate=22050, duration_s=0.3), "wave"),
        Case(lambda x: loudest_excerpt(channels(x), sample_rate=22050, duration_s=0.3, linked=True), "wave"),
    ],
    MIXING + "mix_at_snr": [
        Case(lambda x, y: mix_at_snr(x, y, snr_db=6.0), "wave", "wave"),
        Case(lambda x, y: mix_at_snr(x, y, snr_db=-3.0, rng=rng()), "wave", "short"),
    ],
    MIXING + "to_mono": [Case(lambda x: to_mono(channels(x)), "wave")],
    MIXING + "to_stereo": [Case(lambda x: to_stereo(channels(x, 1)), "wave")],
    MIXING + "mid_side": [Case(lambda x: mid_side(channels(x)), "wave")],
    MIXING + "left_right": [Case(lambda x: left_right(channels(x)), "wave")],
    MIXING + "downmix_surround": [
        Case(lambda x: downmix_surround(channels(x, 6)), "wave"),
        Case(lambda x: downmix_surround(channels(x, 5), attenuate=False), "wave"),
    ],
    MIXING + "pan": [Case(lambda x: pan(x, position=0.3), "wave")],
}

NUMPY_ONLY = {
    LOUDNESS + "LoudnessCurve": "a result",
    "sori.signal.common_energy.CommonEnergy": "keeps plain numbers between calls; applies normalize_rms",
    LEVEL + "within_full_scale": "takes gains, not signals; normalize_rms goes through it",
    EDGES + "fade_curve": "builds a constant",
    EDGES + "trim_silence": "the length of the result depends on the values",
    EDGES + "Trimmed": "a result",
    "sori.signal.loudness.levels_of_cells": "reads what a meter has measured",
    "sori.signal.loudness.loudness": "measures a stream in NumPy; for arrays there is integrated_lufs",
    "sori.signal.loudness.loudness_of_cells": "reads what a meter has measured",
    "sori.signal.loudness.short_term_lufs_of_cells": "reads what a meter has measured",
    "sori.signal.loudness.window_energy": "reads what a meter has measured",
    "sori.signal.meter.Cells": "what a meter has measured",
    "sori.signal.meter.Meter": "measures a stream of samples in NumPy",
    "sori.signal.meter.channel_gains": "plain numbers",
    "sori.signal.meter.k_weighting": "plain numbers",
    "sori.signal.true_peak.TruePeak": "measures a stream of samples in NumPy",
}
