"""What a newcomer gets wrong has one clear error, and what is only extreme a finite result."""

import math

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal import (
    a_weight,
    band_pass_biquad,
    compressor,
    equal_loudness_weighting_db,
    excerpt,
    fade_in,
    filter_sections,
    fir_filter,
    gate,
    integrated_lufs,
    k_weighted,
    limiter,
    loudest_excerpt,
    loudness,
    loudness_levels,
    low_pass,
    low_pass_biquad,
    mix_at_snr,
    mu_law_decode,
    mu_law_expand,
    normalize_loudness,
    normalize_peak,
    normalize_rms,
    pan,
    peaking,
    resample,
    response_taps,
    sine,
    smooth,
    to_integer,
    trim_silence,
)

RATE = 8000
X = 0.1 * np.random.default_rng(0).standard_normal((2, RATE))
NAN = math.nan

RATED = {
    "weighting": lambda rate: a_weight(X, sample_rate=rate),
    "pass": lambda rate: low_pass(X, sample_rate=rate, cutoff_hz=100.0),
    "excerpt": lambda rate: excerpt(X, sample_rate=rate, start_s=0.0, duration_s=0.1),
    "fade": lambda rate: fade_in(X, sample_rate=rate, duration_s=0.1),
    "compressor": lambda rate: compressor(X, sample_rate=rate),
    "limiter": lambda rate: limiter(X, sample_rate=rate),
    "gate": lambda rate: gate(X, sample_rate=rate),
    "LUFS": lambda rate: integrated_lufs(X, sample_rate=rate),
    "k": lambda rate: k_weighted(X, sample_rate=rate),
    "meter": lambda rate: loudness(X, sample_rate=rate),
    "sine": lambda rate: sine(100.0, sample_rate=rate, duration_s=0.1),
}


@pytest.mark.parametrize("name", RATED)
@pytest.mark.parametrize("rate", ["8000", None, [8000], 0, -1, NAN, math.inf])
def test_a_rate_that_is_none_is_refused(name: str, rate: object) -> None:
    with pytest.raises(ParameterError, match="sample_rate"):
        RATED[name](rate)


def test_a_rate_as_numbers_come_is_taken() -> None:
    for rate in (np.int64(RATE), np.float32(RATE), float(RATE)):
        for call in RATED.values():
            call(rate)


@pytest.mark.parametrize("rate", ["8000", None, 0, NAN, math.inf])
def test_resampling_refuses_such_rates_too(rate: object) -> None:
    with pytest.raises(ParameterError, match="orig_sr"):
        resample(X, orig_sr=rate, target_sr=16000)  # type: ignore[arg-type]


WRONG = {
    "start": lambda: excerpt(X, sample_rate=RATE, start_s="1", duration_s=0.1),  # type: ignore[arg-type]
    "duration": lambda: excerpt(X, sample_rate=RATE, start_s=0.0, duration_s=math.inf),
    "short": lambda: loudest_excerpt(X, sample_rate=RATE, duration_s=0.1, short="repeat"),
    "fade": lambda: fade_in(X, sample_rate=RATE, duration_s=math.inf),
    "trim": lambda: trim_silence(X, threshold_db=NAN),
    "margin": lambda: trim_silence(X, margin=0.5),  # type: ignore[arg-type]
    "SNR of NaN": lambda: mix_at_snr(X, X, snr_db=NAN),
    "SNR": lambda: mix_at_snr(X, X, snr_db="10"),  # type: ignore[arg-type]
    "SNR of noise alone": lambda: mix_at_snr(X, X, snr_db=-math.inf),
    "SNR beyond numbers": lambda: mix_at_snr(X, X, snr_db=-10000.0),
    "other batch": lambda: mix_at_snr(X, np.ones((3, 100)), snr_db=0.0),
    "pan": lambda: pan(X, position=NAN),
    "pan to the left": lambda: pan(X, position="left"),  # type: ignore[arg-type]
    "peak": lambda: normalize_peak(X, target_dbfs=NAN),
    "rms": lambda: normalize_rms(X, target_dbfs=math.inf, over="allow"),
    "LUFS": lambda: normalize_loudness(X, sample_rate=RATE, target_lufs=NAN),
    "LUFS of no sound": lambda: normalize_loudness(X, sample_rate=RATE, target_lufs=1e6, over="limit"),
    "ratio": lambda: compressor(X, sample_rate=RATE, ratio="4"),  # type: ignore[arg-type]
    "makeup": lambda: compressor(X, sample_rate=RATE, makeup_db=NAN),
    "ceiling": lambda: limiter(X, sample_rate=RATE, ceiling_dbtp=-math.inf),
    "look-ahead": lambda: limiter(X, sample_rate=RATE, lookahead_s=math.inf),
    "threshold": lambda: gate(X, sample_rate=RATE, threshold_db=NAN),
    "hold": lambda: gate(X, sample_rate=RATE, hold_s=math.inf),
    "gain": lambda: peaking(X, sample_rate=RATE, centre_hz=500.0, gain_db="3"),  # type: ignore[arg-type]
    "q": lambda: peaking(X, sample_rate=RATE, centre_hz=500.0, gain_db=3.0, q="1"),  # type: ignore[arg-type]
    "one section alone": lambda: filter_sections(X, ((1.0, 0.0, 0.0), (0.0, 0.0))),  # type: ignore[arg-type]
    "numerator and denominator": lambda: filter_sections(X, (1.0, 2.0)),  # type: ignore[arg-type]
    "state": lambda: filter_sections(
        X, low_pass_biquad(sample_rate=RATE, cutoff_hz=300.0), initial=np.zeros(5)
    ),
    "coefficient": lambda: smooth(X, "0.5"),  # type: ignore[arg-type]
    "taps": lambda: fir_filter(X, "taps"),  # type: ignore[arg-type]
    "complex taps": lambda: fir_filter(X, np.ones(3) * 1j),
    "response": lambda: response_taps([1.0, 2.0], [1.0, NAN], sample_rate=RATE, n_taps=11),
    "no generator": lambda: to_integer(X, dither="triangular", rng=0),  # type: ignore[arg-type]
    "frequency": lambda: equal_loudness_weighting_db(40.0, NAN),
    "frequencies": lambda: loudness_levels(X, frequencies_hz=(100.0, NAN)),
    "samples": lambda: loudness("song.wav", sample_rate=RATE),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_has_one_clear_error(name: str) -> None:
    with pytest.raises(ParameterError):
        WRONG[name]()


def test_an_infinite_ratio_of_signal_to_noise_adds_none() -> None:
    np.testing.assert_array_equal(mix_at_snr(X, X[0], snr_db=math.inf), X)


def test_lists_say_one_for_each_signal_and_precision_stays() -> None:
    x = X.astype(np.float32)
    each = pan(x, position=np.array([-1.0, 1.0]))
    assert each.dtype == np.float32
    np.testing.assert_array_equal(each, pan(x, position=[-1.0, 1.0]))
    np.testing.assert_array_equal(
        mix_at_snr(x, x, snr_db=[0.0, 20.0]), mix_at_snr(x, x, snr_db=np.array([0.0, 20.0]))
    )


@pytest.mark.parametrize("hz", [1e-3, 23950.0, 23990.0, 23999.9])
def test_a_band_of_octaves_can_lie_at_any_frequency(hz: float) -> None:
    for octaves in (0.1, 1.0, 50.0):
        sections = band_pass_biquad(sample_rate=48000, centre_hz=hz, bandwidth_octaves=octaves)
        assert np.isfinite(filter_sections(X, sections)).all()


def test_companding_stays_finite_beyond_full_scale() -> None:
    assert np.isfinite(mu_law_expand(np.array([1e30, -1e30]))).all()
    assert np.isfinite(mu_law_expand(np.array([1e30, -1e30], np.float32))).all()
    np.testing.assert_allclose(mu_law_decode(np.array([-5, 0, 255, 300])), [-1, -1, 1, 1], atol=1e-6)


def test_taps_in_a_list_compile() -> None:
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(X)
    compiled = torch.compile(lambda x: fir_filter(x, [0.5, 0.25]), fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(x), fir_filter(x, [0.5, 0.25]))


def test_the_meter_reads_tensors_that_learn() -> None:
    torch = pytest.importorskip("torch")
    assert loudness(torch.from_numpy(X).requires_grad_(), sample_rate=RATE) == loudness(X, sample_rate=RATE)
