"""The player plays what came: nothing louder, nothing softer, and what is missing is said."""

from __future__ import annotations

import base64
import io
import re
import wave
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import soundfile

from sori.audio.types import Audio
from sori.display.player import Player, player
from sori.errors import ParameterError

RATE = 8000
NOISE = np.random.default_rng(0).uniform(-0.5, 0.5, (2, RATE))


def sound_of(made: Player) -> tuple[np.ndarray, int]:
    found = re.search(r'src="data:audio/\w+;base64,([^"]+)"', made.html)
    assert found
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(found[1])), dtype="int16")
    return samples.T, rate


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_the_samples_are_in_the_page_as_they_came(kind: str) -> None:
    made = player(NOISE, sample_rate=RATE, format=kind)
    samples, rate = sound_of(made)
    assert rate == RATE
    assert np.abs(samples / 32767 - NOISE).max() < 0.51 / 32767
    assert made.notes == ()
    assert made._repr_html_() == made.html


def test_a_wave_file_is_one_for_every_reader() -> None:
    made = player(NOISE[0], sample_rate=RATE)
    data = base64.b64decode(re.search(r'base64,([^"]+)"', made.html)[1])  # type: ignore[index]
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (1, RATE, RATE)


def test_what_is_too_loud_is_clipped_and_said() -> None:
    x = np.zeros(RATE)
    x[:3] = 2.0, -2.0, 1.0
    made = player(x, sample_rate=RATE)
    assert sound_of(made)[0][:4].tolist() == [32767, -32767, 32767, 0]
    assert made.notes[0].startswith("2 samples lie beyond full scale (peak +6.0 dBFS)")
    assert made.notes[0] in made.html


def test_what_is_soft_stays_soft_and_is_said() -> None:
    made = player(1e-3 * NOISE, sample_rate=RATE)
    assert np.abs(sound_of(made)[0]).max() <= 17
    assert "very soft" in made.notes[0]
    assert player(np.zeros(9), sample_rate=RATE).notes == ("silent: every sample is 0",)


def test_a_long_sound_is_cut_and_said() -> None:
    long = np.tile(NOISE[0], 100)
    made = player(long, sample_rate=RATE)
    assert sound_of(made)[0].shape == (30 * RATE,)
    assert made.notes == ("0:00 to 0:30 of 1:40 (limit_s=30 keeps the notebook small)",)
    later = player(long, sample_rate=RATE, start_s=99.5)
    assert sound_of(later)[0].shape == (RATE // 2,)
    assert "1:39.5 to 1:40 of 1:40" in later.html
    assert player(long, sample_rate=RATE, limit_s=np.inf).notes == ()


def test_it_takes_what_load_returns() -> None:
    made = player(Audio(NOISE.astype(np.float32), RATE))
    assert sound_of(made)[1] == RATE
    assert "stereo" in made.html


def test_a_title_is_text_and_never_a_tag() -> None:
    made = player(NOISE, sample_rate=RATE, title='<script>"&')
    assert "<script>" not in made.html
    ElementTree.fromstring(made.html.replace("<audio controls ", "<audio "))


def test_the_picture_shows_each_channel_at_its_own_height() -> None:
    made = player(np.stack([np.cos(np.pi * np.arange(RATE)), np.zeros(RATE)]), sample_rate=RATE)
    paths = re.findall(r'<path d="M([^"]+)Z"', made.html)
    heights = [np.array([pair.split() for pair in path.split("L")], float)[:, 1] for path in paths]
    assert [np.ptp(height) > 20 for height in heights] == [True, False]
    assert heights[0].max() < heights[1].min()


@pytest.mark.parametrize(
    ("sound", "options"),
    [
        (NOISE, {}),
        (NOISE, {"sample_rate": 44100.5}),
        (NOISE, {"sample_rate": RATE, "format": "mp3"}),
        (NOISE, {"sample_rate": RATE, "limit_s": 0}),
        (NOISE, {"sample_rate": RATE, "start_s": 2.0}),
        (np.full(9, np.nan), {"sample_rate": RATE}),
        (np.zeros(9, int), {"sample_rate": RATE}),
        (np.zeros((9, 9)), {"sample_rate": RATE}),
        (np.zeros((2, 2, 9)), {"sample_rate": RATE}),
    ],
)
def test_what_cannot_be_played_is_refused(sound: np.ndarray, options: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        player(sound, **options)  # type: ignore[arg-type]


def test_nothing_at_all_is_a_page_too() -> None:
    assert "no samples" in player(np.zeros(0), sample_rate=RATE).html
