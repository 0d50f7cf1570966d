import numpy as np
import pytest

from sori.spectral.frames import SpectrumStream
from sori.spectral.mel import mel_centres_hz, mel_filterbank
from sori.spectral.partials import partials
from sori.spectral.peaks import PeakFinder, Peaks
from sori.spectral.windows import window
from sori.units import hz_to_mel, hz_to_midi, mel_to_hz, midi_to_hz

RATE = 5512.5


def spectra(x: np.ndarray, n_fft: int, hop: int, cuts: list[int] | None = None) -> np.ndarray:
    out: list[np.ndarray] = []
    stream = SpectrumStream(n_fft=n_fft, hop_length=hop, consume=lambda s: out.append(s.copy()))
    for block in np.split(x.astype(np.float32), cuts or []):
        stream.process(block)
    stream.finish()
    return np.concatenate(out)


@pytest.mark.parametrize(("n_fft", "hop"), [(1024, 441), (2048, 512), (256, 256), (64, 100)])
def test_frames_are_centred_and_do_not_depend_on_blocks(n_fft: int, hop: int) -> None:
    x = np.random.default_rng(0).standard_normal(20_001)
    whole = spectra(x, n_fft, hop)
    assert len(whole) == 1 + len(x) // hop
    padded = np.pad(x, n_fft)
    for t in (0, 3, len(whole) - 1):
        frame = padded[n_fft + t * hop - n_fft // 2 :][:n_fft] * window("hann", n_fft)
        np.testing.assert_allclose(whole[t], np.fft.rfft(frame), atol=2e-3)
    np.testing.assert_allclose(spectra(x, n_fft, hop, cuts=[1, 2, 500, 501, 9000]), whole, atol=1e-4)


@pytest.mark.parametrize("hz", [82.41, 440.0, 445.3, 1318.5])
def test_a_peak_is_found_to_a_fraction_of_a_bin(hz: float) -> None:
    finder = PeakFinder(sample_rate=RATE, n_fft=2048, hop_length=512, fmin=50, fmax=2500)
    x = 0.3 * np.sin(2 * np.pi * hz * np.arange(round(4 * RATE)) / RATE)
    finder.consume(spectra(x, 2048, 512)[4:-4])
    found = finder.finish()
    assert len(found.hz) == found.n_frames
    cents = 1200 * np.log2(found.hz / hz)
    assert np.abs(cents).max() < 4


def test_a_long_recording_keeps_fewer_frames() -> None:
    finder = PeakFinder(sample_rate=RATE, n_fft=64, hop_length=32, fmin=300, fmax=2500)
    spectrum = np.ones((1000, 33), np.complex64)
    spectrum[:, 10] = 9
    for _ in range(100):
        finder.consume(spectrum)
    found = finder.finish()
    assert 16384 <= found.n_frames <= 32768
    assert found.rate == RATE / 32 / 4
    assert found.n_frames / found.rate == pytest.approx(100_000 * 32 / RATE, rel=1e-3)
    np.testing.assert_array_equal(found.frame, np.arange(found.n_frames))


def test_partials_are_relative_to_the_loud_frames_and_cut_in_parts() -> None:
    frame = np.repeat(np.arange(5000, dtype=np.int32), 2)
    hz = np.tile(np.array([440.0, 880.0], np.float32), 5000)
    power = np.tile(np.array([1e-6, 1e-8], np.float32), 5000)
    found = partials(Peaks(5000, 10.0, frame, hz, power))
    np.testing.assert_allclose(found.midi[:2], [69, 81], atol=1e-4)
    np.testing.assert_allclose(found.weight[:2], [1.0, 0.1], rtol=1e-3)
    parts = list(found.parts())
    assert sum(p.n_frames for p in parts) == 5000
    assert all(p.frame.min() == 0 and p.frame.max() == p.n_frames - 1 for p in parts)


def test_mel_bank_rises_and_falls_with_unit_area() -> None:
    bank = mel_filterbank(sample_rate=22050, n_fft=4096, n_mels=40, fmin=30.0, fmax=10000.0)
    assert bank.shape == (40, 2049)
    np.testing.assert_allclose(bank.sum(axis=1) * 22050 / 4096, 1.0, rtol=0.05)
    centres = mel_centres_hz(n_mels=40, fmin=30.0, fmax=10000.0)
    np.testing.assert_allclose(bank.argmax(axis=1) * 22050 / 4096, centres, atol=3)


def test_units_go_both_ways() -> None:
    hz = np.array([27.5, 100.0, 999.0, 1000.0, 1001.0, 8000.0])
    np.testing.assert_allclose(mel_to_hz(hz_to_mel(hz)), hz)
    np.testing.assert_allclose(midi_to_hz(hz_to_midi(hz, a4_hz=432.0), a4_hz=432.0), hz)


def test_peaks_one_rounding_above_their_neighbours_are_finite() -> None:
    finder = PeakFinder(sample_rate=RATE, n_fft=64, hop_length=32, fmin=300, fmax=2500)
    spectrum = np.ones((10, 33), np.complex64)
    spectrum[:, 10::2] = np.nextafter(np.float32(1), np.float32(2))
    finder.consume(spectrum)
    found = finder.finish()
    assert len(found.hz)
    assert np.isfinite(found.hz).all()
    assert np.isfinite(found.power).all()
