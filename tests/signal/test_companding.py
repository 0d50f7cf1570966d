"""G.711 over all samples, against the Recommendation's tables and against recorded output of ``audioop``."""

from pathlib import Path

import numpy as np
import pytest

from sori.errors import ParameterError
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

EVERY_SAMPLE = np.arange(-32768, 32768).astype(np.int16)
EVERY_OCTET = np.arange(256).astype(np.uint8)


@pytest.fixture(scope="module")
def recorded() -> dict[str, np.ndarray]:
    with np.load(Path(__file__).parent / "recorded" / "companding.npz") as stored:
        return dict(stored)


def mulaw_decision_values() -> list[int]:
    """Tables 2a and 2b: 0, 1, 3 ... 31 by steps of 2, then 15 intervals of twice the step in each segment."""
    values = [0, 1]
    while len(values) < 16:
        values.append(values[-1] + 2)
    values.append(31)
    for segment in range(1, 8):
        values += [values[-1] + k * 2 ** (segment + 1) for k in range(1, 17)]
    return values[:128]


def alaw_decision_values() -> list[int]:
    """Tables 1a and 1b: 0, 2, 4 ... 64 on the 13-bit scale, then 16 intervals of twice the step each."""
    values = list(range(0, 66, 2))
    for segment in range(2, 8):
        values += [values[-1] + k * 2**segment for k in range(1, 17)]
    return values[:128]


def test_the_tables_end_where_the_recommendation_says() -> None:
    assert mulaw_decision_values()[::16] == [0, 31, 95, 223, 479, 991, 2015, 4063]
    assert alaw_decision_values()[::16] == [0, 32, 64, 128, 256, 512, 1024, 2048]
    assert len(mulaw_decision_values()) == len(alaw_decision_values()) == 128


def test_mulaw_is_the_table_for_every_sample() -> None:
    sample = EVERY_SAMPLE.astype(int) >> 2
    number = np.searchsorted(mulaw_decision_values(), np.abs(sample), side="right") - 1
    octet = np.where(sample < 0, 127 - number, 255 - number)
    np.testing.assert_array_equal(g711_mulaw_encode(EVERY_SAMPLE), octet)


def test_alaw_is_the_table_for_every_sample() -> None:
    sample = EVERY_SAMPLE.astype(int) >> 3
    # The table's decision values are on a scale where the sample's least step is 1 and the first interval 2.
    size = np.where(sample < 0, -1 - sample, sample)
    number = np.searchsorted(alaw_decision_values(), size, side="right") - 1
    octet = (number + np.where(sample < 0, 0, 128)) ^ 0b01010101
    np.testing.assert_array_equal(g711_alaw_encode(EVERY_SAMPLE), octet)


def test_both_laws_equal_audioop(recorded: dict[str, np.ndarray]) -> None:
    np.testing.assert_array_equal(g711_mulaw_encode(EVERY_SAMPLE), recorded["mulaw"])
    np.testing.assert_array_equal(g711_alaw_encode(EVERY_SAMPLE), recorded["alaw"])
    np.testing.assert_array_equal(g711_mulaw_decode(EVERY_OCTET), recorded["mulaw_samples"])
    np.testing.assert_array_equal(g711_alaw_decode(EVERY_OCTET), recorded["alaw_samples"])


@pytest.mark.parametrize(
    ("encode", "decode"),
    [(g711_mulaw_encode, g711_mulaw_decode), (g711_alaw_encode, g711_alaw_decode)],
)
def test_a_telephone_after_a_telephone_changes_nothing(encode, decode) -> None:  # type: ignore[no-untyped-def]
    once = decode(encode(EVERY_SAMPLE))
    np.testing.assert_array_equal(decode(encode(once)), once)
    error = np.abs(once.astype(int) - EVERY_SAMPLE)
    assert (error <= np.maximum(16, np.abs(EVERY_SAMPLE.astype(int)) / 16)).mean() > 0.98
    sine = np.round(8000 * np.sin(np.arange(8000) * 0.8)).astype(np.int16)
    noise = decode(encode(sine)).astype(float) - sine
    snr_db = 10 * np.log10(np.mean(sine.astype(float) ** 2) / np.mean(noise**2))
    assert 36 < snr_db < 40


def test_g711_runs_on_every_library() -> None:
    torch = pytest.importorskip("torch")
    jnp = pytest.importorskip("jax.numpy")
    for encode in (g711_mulaw_encode, g711_alaw_encode):
        want = encode(EVERY_SAMPLE)
        np.testing.assert_array_equal(encode(torch.from_numpy(EVERY_SAMPLE)).numpy(), want)
        np.testing.assert_array_equal(np.asarray(encode(jnp.asarray(EVERY_SAMPLE))), want)
    assert encode(EVERY_SAMPLE.reshape(2, -1)).shape == (2, 32768)


@pytest.mark.parametrize("mu", [1e-3, 10.0, 255.0, 65535.0])
def test_expansion_undoes_compression(mu: float) -> None:
    x = np.concatenate([np.linspace(-1, 1, 2001), [1e-12, -1e-300, 0.0, 3.0]])
    np.testing.assert_allclose(mu_law_expand(mu_law_compress(x, mu=mu), mu=mu), x, rtol=1e-9, atol=0)


def test_the_slope_at_silence_is_the_one_of_the_law() -> None:
    torch = pytest.importorskip("torch")
    x = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    mu_law_compress(x).sum().backward()
    assert x.grad.tolist() == pytest.approx([255 / np.log(256)] * 3)
    y = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    mu_law_expand(y).sum().backward()
    assert y.grad.tolist() == pytest.approx([np.log(256) / 255] * 3)


def test_the_codes_are_those_of_torchaudio(recorded: dict[str, np.ndarray]) -> None:
    x = np.linspace(-1, 1, 2001)
    np.testing.assert_array_equal(mu_law_encode(x), recorded["torchaudio_codes"])
    np.testing.assert_allclose(mu_law_decode(np.arange(256)), recorded["torchaudio_values"], atol=1e-6)


@pytest.mark.parametrize("levels", [2, 16, 256, 1024])
def test_every_code_is_itself_again(levels: int) -> None:
    codes = np.arange(levels)
    np.testing.assert_array_equal(mu_law_encode(mu_law_decode(codes, levels=levels), levels=levels), codes)


def test_wrong_numbers_are_refused() -> None:
    with pytest.raises(ParameterError, match="want int16"):
        g711_mulaw_encode(np.zeros(3, np.int32))
    with pytest.raises(ParameterError, match="want integers"):
        g711_alaw_decode(np.zeros(3))
    with pytest.raises(ParameterError, match="want integers"):
        mu_law_decode(np.zeros(3))
    with pytest.raises(ParameterError, match="mu=0"):
        mu_law_compress(np.zeros(3), mu=0)
    with pytest.raises(ParameterError, match="levels=1"):
        mu_law_encode(np.zeros(3), levels=1)
