"""Per-channel energy normalisation: steady sound sinks, streams are the whole, and librosa's numbers."""

from __future__ import annotations

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.mel import mel_spectrogram
from sori.spectral.pcen import pcen
from spectral.test_descriptors import RATE, RECORDED, signal

OPTIONS = {"sample_rate": RATE, "hop_length": 512}


def energies() -> np.ndarray:
    found = mel_spectrogram(signal(), sample_rate=RATE, n_fft=1024, hop_length=512, n_mels=24)
    return np.asarray(found * 2.0**31)


def test_the_numbers_are_librosas() -> None:
    got = pcen(energies(), **OPTIONS, initial=1.0)
    np.testing.assert_allclose(got, RECORDED["pcen"], rtol=1e-4, atol=1e-5)
    got = pcen(energies(), **OPTIONS, initial=1.0, max_size=3, power=0.25, bias=10)
    np.testing.assert_allclose(got, RECORDED["pcen_max"], rtol=1e-4, atol=1e-5)


def test_steady_sound_is_the_same_at_any_level() -> None:
    quiet, loud = (pcen(np.full((1, 200), level), **OPTIONS, gain=1.0) for level in (1e3, 1e9))
    np.testing.assert_allclose(quiet, loud, rtol=1e-6)
    np.testing.assert_allclose(quiet, np.sqrt(3) - np.sqrt(2), rtol=1e-6)


def test_an_onset_stands_out_and_fades() -> None:
    S = np.full((1, 300), 1e4)
    S[:, 100:] = 1e6
    found = pcen(S, **OPTIONS)[0]
    assert found[100] > 3 * found[99]
    assert found[299] < 1.5 * found[99]


@pytest.mark.parametrize("max_size", [1, 3])
def test_blocks_of_a_stream_are_the_whole(max_size: int) -> None:
    S = energies()
    whole = pcen(S, **OPTIONS, max_size=max_size)
    level, parts = None, []
    for begin in range(0, S.shape[-1], 10):
        part, level = pcen(
            S[:, begin : begin + 10], **OPTIONS, max_size=max_size, initial=level, return_final=True
        )
        parts.append(part)
    np.testing.assert_allclose(np.concatenate(parts, axis=-1), whole, rtol=1e-9)


def test_one_number_a_band_is_a_column() -> None:
    S = energies()
    gain, power = np.linspace(0.5, 1, 24), np.linspace(0.1, 0.6, 24)
    together = pcen(S, **OPTIONS, gain=gain, power=power)
    for band in (0, 23):
        alone = pcen(S[band : band + 1], **OPTIONS, gain=float(gain[band]), power=float(power[band]))
        np.testing.assert_allclose(together[band], alone[0], rtol=1e-9)


def test_what_it_is_made_of_can_be_learned() -> None:
    torch = pytest.importorskip("torch")
    S = torch.tensor(energies())
    values = {"gain": 0.9, "bias": 2.0, "power": 0.4, "coefficient": 0.05}
    learned = {
        name: torch.full((24,), value, dtype=torch.float64, requires_grad=True)
        for name, value in values.items()
    }
    pcen(S, **OPTIONS, **learned).sum().backward()
    assert all(bool((tensor.grad.isfinite() & (tensor.grad != 0)).all()) for tensor in learned.values())


@pytest.mark.parametrize("options", [{"eps": 0.0}, {"gain": -1.0}, {"time_constant_s": 0.0}, {"max_size": 0}])
def test_what_makes_no_sense_is_refused(options: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        pcen(np.ones((4, 4)), **OPTIONS, **options)  # type: ignore[arg-type]
