"""The constant-Q transform against its definition, and what it says of tones, chirps and silence."""

from __future__ import annotations

from itertools import product as every
from pathlib import Path

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.constant_q import cqt, cqt_magnitude, icqt, ivqt, vqt
from sori.spectral.constant_q_kernels import constant_q_hz, constant_q_lengths, plan
from sori.spectral.windows import window as sampled_window

RATE = 22050
RECORDED = np.load(Path(__file__).parent / "recorded" / "constant_q.npz")
FRAMES = slice(10, 80, 10)


def noise(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(n)


def tone(hz: float, n: int, amplitude: float = 1.0) -> np.ndarray:
    return np.asarray(amplitude * np.cos(2 * np.pi * hz * np.arange(n) / RATE))


def chord() -> np.ndarray:
    """Return what the recorded numbers are of: see ``recorded/make_constant_q.py``."""
    t = np.arange(2 * RATE) / RATE
    x = 0.01 * np.random.default_rng(20).standard_normal(len(t))
    for hz in (130.81, 164.81, 196.0):
        x += sum(0.3 / h * np.sin(2 * np.pi * h * hz * t + h) for h in range(1, 9))
    return x


def defined(
    x: np.ndarray, frames: list[int], *, hop: int, rate: float = RATE, shape: str = "hann", **bands: object
) -> np.ndarray:
    """Return the transform by its definition: one sum in float64 for each band and frame."""
    where = {k: v for k, v in bands.items() if k in ("n_bins", "fmin", "bins_per_octave", "tuning")}
    hz = constant_q_hz(**where)
    lengths = constant_q_lengths(sample_rate=rate, window=shape, **bands)
    table = sampled_window(shape, 100_001, periodic=False)
    around = int(lengths.max())
    x = np.pad(x, around)
    out = np.empty((len(hz), len(frames)), complex)
    for k, (f, length) in enumerate(zip(hz, lengths, strict=True)):
        m = np.arange(-int(length / 2), int(length / 2) + 1)
        m = m[np.abs(m) < length / 2]
        w = np.interp(m / length + 0.5, np.linspace(0, 1, len(table)), table)
        kernel = w / np.abs(w).sum() * np.sqrt(length) * np.exp(-2j * np.pi * m * f / rate)
        for i, t in enumerate(frames):
            out[k, i] = x[around + t * hop + m] @ kernel
    return out


@pytest.mark.parametrize(
    ("hop", "bands"),
    [
        (512, {}),
        (441, {"n_bins": 60}),
        (509, {"n_bins": 48, "tuning": 0.3}),
        (64, {"fmin": 55.0, "n_bins": 72}),
        (100, {"fmin": 100.0, "n_bins": 50, "bins_per_octave": 10}),
        (1024, {"n_bins": 180, "bins_per_octave": 36, "fmin": 65.0}),
        (256, {"filter_scale": 0.5, "n_bins": 80}),
        (300, {"gamma": None, "n_bins": 80}),
        (300, {"gamma": 20.0, "n_bins": 80}),
        (7, {"fmin": 800.0, "n_bins": 24}),
    ],
)
def test_it_is_the_sum_that_defines_it(hop: int, bands: dict[str, object]) -> None:
    x = noise(30_000)
    frames = [0, 1, 5, (30_000 // hop) // 2, 30_000 // hop]
    got = vqt(x, sample_rate=RATE, hop_length=hop, **{"gamma": 0.0, **bands})
    want = defined(x, frames, hop=hop, **bands)
    assert got.shape[-1] == 1 + len(x) // hop
    assert np.abs(got[:, frames] - want).max() < 1e-5 * np.abs(want).max()


@pytest.mark.parametrize("shape", ["hann", "hamming", "blackmanharris", "boxcar", "bartlett"])
def test_every_window_is_kept_to_its_definition(shape: str) -> None:
    """Windows whose spectra fade slowly act at higher rates, and lose no more for that."""
    x = noise(20_000)
    got = cqt(x, sample_rate=RATE, n_bins=60, window=shape)[:, [3, 20]]
    want = defined(x, [3, 20], hop=512, n_bins=60, shape=shape)
    assert np.abs(got - want).max() < 2e-5 * np.abs(want).max()


def test_a_long_signal_is_the_sum_too_to_its_end() -> None:
    x = noise(600_000, 3).astype(np.float32)
    frames = [0, 400, 801, 1170, 1171]
    got = cqt(x, sample_rate=RATE)
    want = defined(x.astype(float), frames, hop=512)
    assert got.dtype == np.complex64
    assert np.abs(got[:, frames] - want).max() < 1e-5 * np.abs(want).max()


@pytest.mark.parametrize("hz", [12_000.0, 9_000.0, 5_000.0, 3_000.0, 1_500.0, 700.0])
def test_what_is_outside_a_band_stays_outside(hz: float) -> None:
    """A loud high tone must not be folded into low bands by the decimation."""
    rate = 32_000
    x = np.cos(2 * np.pi * hz * np.arange(60_000) / rate)
    got = cqt(x, sample_rate=rate, n_bins=36)[:, 50:60]
    want = defined(x, list(range(50, 60)), hop=512, rate=rate, n_bins=36)
    # What the tone would give in the lowest band, if it were there.
    own = 0.5 * np.sqrt(constant_q_lengths(sample_rate=rate, n_bins=1)[0])
    assert np.abs(got - want).max() < 1e-5 * own


@pytest.mark.parametrize("k", [0, 7, 24, 45, 83])
def test_a_tone_peaks_in_its_band_at_half_its_amplitude(k: int) -> None:
    hz, lengths = constant_q_hz()[k], constant_q_lengths(sample_rate=RATE)[k]
    size = np.abs(cqt(tone(hz, 3 * RATE, 0.8), sample_rate=RATE))[:, 60:70]
    assert (size.argmax(axis=0) == k).all()
    np.testing.assert_allclose(size[k], 0.4 * np.sqrt(lengths), rtol=1e-3)
    plain = np.abs(cqt(tone(hz, 3 * RATE, 0.8), sample_rate=RATE, scale=False))[k, 60:70]
    np.testing.assert_allclose(plain, 0.4 * lengths, rtol=1e-3)


def test_tuning_moves_the_bands() -> None:
    x = tone(440 * 2 ** (0.4 / 12), 2 * RATE)
    in_tune = cqt_magnitude(x, sample_rate=RATE, tuning=0.4)[45, 40]
    assert in_tune > 1.1 * cqt_magnitude(x, sample_rate=RATE)[45, 40]
    np.testing.assert_allclose(
        in_tune, 0.5 * np.sqrt(constant_q_lengths(sample_rate=RATE, tuning=0.4)[45]), 1e-3
    )


def test_a_chirp_climbs_band_by_band() -> None:
    """A tone that rises an octave a second is, every twelfth of it, one band higher."""
    t = np.arange(5 * RATE) / RATE
    x = np.sin(2 * np.pi * 65.4064 / np.log(2) * (2**t - 1))
    at = cqt_magnitude(x, sample_rate=RATE, hop_length=245)[:, 90:-90].argmax(axis=0)
    want = 12 + 12 * np.arange(90, 90 + len(at)) * 245 / RATE
    assert np.abs(at - want).max() < 1.0
    assert (np.diff(at) >= 0).all()


def test_phase_is_that_at_the_centre_of_the_frame() -> None:
    hop = 300
    angles = np.angle(cqt(tone(440.0, 2 * RATE), sample_rate=RATE, hop_length=hop)[45, 30:60])
    want = 2 * np.pi * 440 * hop * np.arange(30, 60) / RATE
    np.testing.assert_allclose(np.exp(1j * angles), np.exp(1j * want), atol=2e-3)


def test_it_is_linear_and_a_hop_is_a_frame() -> None:
    x, y = noise(20_000, 1), noise(20_000, 2)
    both = cqt(2 * x - 3 * y, sample_rate=RATE)
    apart = 2 * cqt(x, sample_rate=RATE) - 3 * cqt(y, sample_rate=RATE)
    np.testing.assert_allclose(both, apart, atol=1e-10)
    later = cqt(np.pad(x, (2 * 512, 0)), sample_rate=RATE)
    np.testing.assert_allclose(later[:, 2:], cqt(x, sample_rate=RATE), atol=1e-10)


def test_frames_without_padding_are_those_with_it() -> None:
    x = noise(30_000)
    bands = {"sample_rate": RATE, "hop_length": 128, "n_bins": 24, "fmin": 110.0}
    inside = cqt(x, center=False, **bands)
    half = plan(
        sample_rate=RATE, hop_length=128, n_bins=24, fmin=110.0, bins_per_octave=12, tuning=0.0,
        filter_scale=1.0, gamma=0.0, window="hann",
    ).half  # fmt: skip
    assert inside.shape[-1] == 1 + (len(x) - 2 * half - 1) // 128
    shifted = cqt(np.pad(x, (-half % 128, 0)), **bands)
    first = (half + -half % 128) // 128
    np.testing.assert_allclose(inside, shifted[:, first : first + inside.shape[-1]], atol=1e-6)


def test_a_mirrored_edge_is_that_of_the_mirrored_signal() -> None:
    x = noise(20_000)
    mirrored = np.concatenate([x[1:10_241][::-1], x])
    got = cqt(x, sample_rate=RATE, pad_mode="reflect", n_bins=60)[:, :10]
    np.testing.assert_allclose(got, cqt(mirrored, sample_rate=RATE, n_bins=60)[:, 20:30], atol=1e-6)


@pytest.mark.parametrize("n", [0, 1, 100, 5000])
def test_signals_shorter_than_a_kernel_are_followed_by_silence(n: int) -> None:
    x = noise(n, 5)
    got = cqt(x, sample_rate=RATE)
    assert got.shape == (84, 1 + n // 512)
    np.testing.assert_allclose(
        got, cqt(np.pad(x, (0, 9000)), sample_rate=RATE)[:, : got.shape[1]], atol=1e-12
    )


def test_magnitudes_are_those_of_the_complex_numbers() -> None:
    x = noise(9000)
    np.testing.assert_allclose(
        cqt_magnitude(x, sample_rate=RATE), np.abs(cqt(x, sample_rate=RATE)), rtol=1e-12
    )
    wide = vqt(x, sample_rate=RATE)
    np.testing.assert_allclose(cqt_magnitude(x, sample_rate=RATE, gamma=None), np.abs(wide), rtol=1e-12)


def test_it_is_near_what_librosa_says() -> None:
    """Near: its own filters and dropped coefficients leave it 2% of the peak from the definition."""
    size = np.abs(cqt(chord(), sample_rate=RATE))[:, FRAMES]
    want = RECORDED["cqt"]
    assert np.abs(size - want).max() < 0.03 * want.max()
    assert (size.argmax(axis=0) == want.argmax(axis=0)).all()
    size = np.abs(vqt(chord(), sample_rate=RATE))[:, FRAMES]
    assert np.abs(size - RECORDED["vqt"]).max() < 0.12 * RECORDED["vqt"].max()


@pytest.mark.parametrize(("hop", "least_db"), [(128, 30), (64, 50)])
def test_the_inverse_brings_back_what_the_bands_hold(hop: int, least_db: float) -> None:
    x = chord()[:RATE]
    bands = {"sample_rate": RATE, "hop_length": hop}
    back = icqt(cqt(x, **bands), length=len(x), **bands)
    spectrum, error = np.fft.rfft(x), np.fft.rfft(x - back)
    hz = np.fft.rfftfreq(len(x), 1 / RATE)
    held = (hz > 50) & (hz < 3500)
    db = 10 * np.log10((np.abs(spectrum[held]) ** 2).sum() / (np.abs(error[held]) ** 2).sum())
    assert db > least_db


def test_more_steps_come_nearer() -> None:
    x = chord()[: RATE // 2]
    C = cqt(x, sample_rate=RATE, hop_length=128)
    errors = [
        np.linalg.norm(icqt(C, sample_rate=RATE, hop_length=128, length=len(x), n_iter=n) - x)
        for n in (5, 10, 20, 40)
    ]
    assert (np.diff(errors) < 0).all()


@pytest.mark.parametrize(("norm", "scale"), list(every([1, 2, np.inf, None], [True, False])))
def test_the_inverse_undoes_every_scaling(norm: float | None, scale: bool) -> None:
    x = chord()[: RATE // 4]
    some = {"sample_rate": RATE, "hop_length": 100, "fmin": 100.0, "n_bins": 50}
    scaled = {**some, "norm": norm, "scale": scale}
    want = ivqt(vqt(x, **some), length=len(x), n_iter=5, **some)
    got = ivqt(vqt(x, **scaled), length=len(x), n_iter=5, **scaled)
    np.testing.assert_allclose(got, want, atol=1e-9)


def test_the_inverse_is_linear_and_has_the_length_asked_for() -> None:
    C = cqt(chord()[:9000], sample_rate=RATE)
    back = icqt(C, sample_rate=RATE, n_iter=3)
    assert back.shape == ((C.shape[-1] - 1) * 512,)
    np.testing.assert_allclose(icqt(-2 * C, sample_rate=RATE, n_iter=3), -2 * back, atol=1e-12)
    longer = icqt(C, sample_rate=RATE, n_iter=3, length=20_000)
    assert longer.shape == (20_000,)
    assert not longer[-2000:].any()


def test_the_error_says_how_many_bands_fit() -> None:
    with pytest.raises(ParameterError, match="at most 101 "):
        cqt(np.zeros(1000), sample_rate=RATE, n_bins=108)
    fits = 101
    assert cqt(np.zeros(1000), sample_rate=RATE, n_bins=fits).shape[0] == fits
    with pytest.raises(ParameterError, match="at most 101 "):
        cqt(np.zeros(1000), sample_rate=RATE, n_bins=fits + 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hop_length": 0},
        {"n_bins": 0},
        {"fmin": 0.0},
        {"fmin": 20_000.0},
        {"bins_per_octave": 0},
        {"filter_scale": 0.0},
        {"gamma": -1.0},
        {"norm": 3},
        {"window": ("gaussian", 3.0)},
        {"window": "no such"},
        {"pad_mode": "no such"},
        {"center": False, "n_bins": 1},
        {"n_bands": 3},
    ],
)
def test_wrong_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        vqt(np.ones(1000), sample_rate=RATE, **wrong)


def test_a_compiler_takes_it_whole() -> None:
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(noise(9000)).float()

    def size(x: object) -> object:
        return cqt_magnitude(x, sample_rate=RATE, hop_length=256)

    compiled = torch.compile(size, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(x), size(x))
