"""Pictures say what the sound is: axes in their units, peaks that are not lost, and no guesses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from sori.display.axes import clock, note_name
from sori.display.curve import curve
from sori.display.envelope import envelope
from sori.display.phase import phase
from sori.display.spectrogram import spectrogram
from sori.display.waveform import waveform
from sori.errors import MissingExtra, ParameterError
from sori.spectral.stft import stft
from sori.units import midi_to_hz

matplotlib = pytest.importorskip("matplotlib", reason="sori[display] is not installed")
matplotlib.use("Agg")

RATE, HOP = 16000, 256
FRAMES = {"sample_rate": RATE, "hop_length": HOP}


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    from matplotlib import pyplot

    before = dict(matplotlib.rcParams)
    yield
    pyplot.close("all")
    assert dict(matplotlib.rcParams) == before, "a picture changed matplotlib's settings for everybody"


def tone(hz: float, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(round(RATE * seconds)) / RATE)


def drawn(ax: Any) -> Any:
    """Draw it really, and return the Axes: what fails only then must fail here."""
    ax.figure.canvas.draw()
    return ax


def labels(ax: Any) -> list[str]:
    return [text.get_text() for text in drawn(ax).get_yticklabels()]


def mesh(ax: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the edges of columns, the edges of rows, and the values of a picture."""
    found = ax.collections[0]
    corners = found.get_coordinates()
    return corners[0, :, 0], corners[:, 0, 1], np.asarray(found.get_array())


def row_at(ax: Any, value: float) -> int:
    return int(np.searchsorted(mesh(ax)[1], value)) - 1


class TestWaveform:
    def test_one_loud_sample_in_an_hour_is_seen(self) -> None:
        x = np.zeros(3600 * 1000, np.float32)
        x[1_234_567] = 0.7
        (line,) = waveform(x, sample_rate=1000).lines[1:]
        at = int(np.argmax(line.get_ydata()))
        assert line.get_ydata()[at] == np.float32(0.7)
        assert line.get_xdata()[at] == pytest.approx(1234.567, abs=2.1)
        assert len(line.get_xdata()) < 10_000

    def test_zooming_in_shows_the_samples_themselves(self) -> None:
        x = np.random.default_rng(0).uniform(-1, 1, 10 * RATE)
        ax = waveform(x, sample_rate=RATE, start_s=5.0)
        ax.set_xlim(7.0, 7.005)
        shown = ax.lines[1]
        assert len(shown.get_xdata()) == pytest.approx(80, abs=3)
        first = round((shown.get_xdata()[0] - 5.0) * RATE)
        assert np.array_equal(shown.get_ydata(), x[first : first + len(shown.get_ydata())])

    def test_channels_are_one_below_the_other_and_named(self) -> None:
        ax = waveform(np.stack([tone(50), 0.5 * tone(70)]), sample_rate=RATE)
        left, right = (line.get_ydata() for line in ax.lines if len(line.get_xdata()) > 2)
        assert left.min() > right.max()
        assert {text.get_text() for text in ax.texts} == {"left", "right"}
        assert labels(ax) == ["1", "0", "−1"] * 2

    def test_long_sounds_are_told_in_minutes(self) -> None:
        ax = drawn(waveform(np.zeros(200 * 100), sample_rate=100))
        assert ax.get_xlabel() == "time (m:ss)"
        assert "1:40" in [text.get_text() for text in ax.get_xticklabels()]

    def test_zooming_in_keeps_ticks_to_read(self) -> None:
        ax = waveform(np.zeros(7200 * 100), sample_rate=100)
        for low, high, label in (
            (0, 7200, "time (m:ss)"),
            (600, 900, "time (m:ss)"),
            (600.2, 600.3, "time (s)"),
        ):
            ax.set_xlim(low, high)
            shown = [at for at in drawn(ax).get_xticks() if low <= at <= high]
            assert 3 <= len(shown) <= 12
            texts = [text.get_text() for text in ax.get_xticklabels()]
            assert len(set(texts)) == len(texts)
            assert ax.get_xlabel() == label

    @pytest.mark.parametrize("x", [np.zeros(0), np.zeros((2, 3, 500)), np.full(9, np.nan), np.zeros(9, int)])
    def test_what_is_no_recording_is_refused(self, x: np.ndarray) -> None:
        with pytest.raises(ParameterError):
            waveform(x, sample_rate=RATE)

    def test_one_sample_and_silence_can_be_drawn(self) -> None:
        drawn(waveform(np.array([0.5]), sample_rate=RATE))
        drawn(envelope(np.zeros(1), sample_rate=RATE))


def test_a_sine_has_its_peak_and_three_db_less() -> None:
    ax = envelope(0.1 * tone(440), sample_rate=RATE)
    peak, rms = (patch.get_data().values for patch in ax.patches)
    assert np.allclose(peak, -20, atol=0.01)
    assert np.allclose(rms, -23.01, atol=0.01)
    assert ax.get_ylabel() == "level (dBFS)"


class TestSpectrogram:
    @pytest.mark.parametrize("axis", ["linear", "log"])
    def test_a_tone_lies_at_its_frequency(self, axis: str) -> None:
        power = np.abs(stft(tone(1000), n_fft=1024, hop_length=HOP)) ** 2
        ax = drawn(spectrogram(power, values="power", axis=axis, **FRAMES))
        _, rows, values = mesh(ax)
        row = row_at(ax, 1000.0)
        assert int(values[:, 20].argmax()) == row
        assert rows[row] < 1000 < rows[row + 1]
        assert values.max() == 0
        assert ax.get_ylabel() == "frequency (Hz)"
        assert "1k" in labels(ax) or "2k" in labels(ax)

    def test_mel_bands_lie_at_their_centres(self) -> None:
        from sori.spectral.mel import mel_centres_hz

        ax = spectrogram(
            np.ones((40, 9)), values="plain", axis="mel", sample_rate=22050, hop_length=512, fmax=8000
        )
        rows = mesh(ax)[1]
        centres = mel_centres_hz(n_mels=40, fmin=0.0, fmax=8000.0)
        assert (rows[:-1] < centres).all()
        assert (centres < rows[1:]).all()
        assert labels(ax) == ["250", "500", "1k", "2k", "4k"]

    def test_notes_are_named_where_they_are(self) -> None:
        ax = spectrogram(np.ones((60, 9)), values="magnitude", axis="note", **FRAMES)
        assert labels(ax) == ["C1", "C2", "C3", "C4", "C5"]
        assert ax.get_yticks()[3] == pytest.approx(midi_to_hz(60))
        octave = spectrogram(
            np.ones((12, 9)), values="magnitude", axis="note", fmin=float(midi_to_hz(57)), **FRAMES
        )
        assert labels(octave)[:3] == ["A3", "Bb3", "B3"]

    def test_chroma_starts_with_c(self) -> None:
        ax = spectrogram(np.eye(12), values="plain", axis="chroma", unit="share", **FRAMES)
        assert labels(ax) == ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
        assert row_at(ax, 9.0) == 9

    def test_tempo_and_lags_and_numbers(self) -> None:
        bpm = np.geomspace(30, 240, 7)
        ax = spectrogram(np.ones((7, 9)), values="plain", axis="tempo", rows_at=bpm, **FRAMES)
        assert labels(ax) == ["30", "60", "120", "240"]
        square = spectrogram(np.eye(9), values="plain", axis="time", **FRAMES)
        assert square.get_ylabel() == square.get_xlabel() == "time (s)"
        numbered = spectrogram(np.ones((5, 9)), values="plain", axis="number", row_name="MFCC", **FRAMES)
        assert numbered.get_ylabel() == "MFCC"

    def test_frames_lie_at_their_centres_in_seconds(self) -> None:
        columns = mesh(spectrogram(np.ones((5, 9)), values="plain", **FRAMES))[0]
        assert np.allclose((columns[1:] + columns[:-1]) / 2, np.arange(9) * HOP / RATE)

    def test_a_click_among_very_many_frames_is_seen(self) -> None:
        power = np.full((2000, 20_000), 1e-9)
        power[1234, 12_345] = 1.0
        ax = spectrogram(power, values="power", axis="log", **FRAMES)
        columns, rows, values = mesh(ax)
        row, column = np.unravel_index(values.argmax(), values.shape)
        assert values.shape[1] <= 1800
        assert ax.get_xlim() == pytest.approx((0, 19_999 * HOP / RATE))
        assert columns[column] <= 12_345 * HOP / RATE <= columns[column + 1]
        hz = 1234 * RATE / 2 / 1999
        assert rows[row] <= hz <= rows[row + 1]

    def test_magnitudes_and_powers_of_one_sound_are_one_picture(self) -> None:
        size = np.random.default_rng(0).random((30, 20))
        one = mesh(spectrogram(size, values="magnitude", **FRAMES))[2]
        other = mesh(spectrogram(size**2, values="power", **FRAMES))[2]
        assert np.allclose(one, other)

    @pytest.mark.parametrize(
        ("S", "options", "words"),
        [
            (np.ones((5, 9), complex), {}, "complex"),
            (np.full((5, 9), np.nan), {}, "NaN"),
            (-np.ones((5, 9)), {}, "values='db'"),
            (np.ones((2, 5, 9)), {}, r"S\[0\]"),
            (np.ones((5, 0)), {}, "at least one"),
            (np.ones((5, 9)), {"values": "loud"}, "want one of"),
            (np.ones((5, 9)), {"axis": "octave"}, "want one of"),
            (np.ones((5, 9)), {"axis": "chroma"}, "multiple of 12"),
            (np.ones((5, 9)), {"axis": "tempo"}, "rows_at"),
            (np.ones((5, 9)), {"axis": "tempo", "rows_at": [5, 4, 3, 2, 1]}, "rise"),
            (np.ones((5, 9)), {"sample_rate": 0}, "positive"),
            (np.ones((5, 9)), {"range_db": 0}, "above 0"),
        ],
    )
    def test_what_cannot_be_drawn_says_why(self, S: np.ndarray, options: dict[str, Any], words: str) -> None:
        with pytest.raises(ParameterError, match=words):
            spectrogram(S, **{"values": "power", **FRAMES, **options})

    @pytest.mark.parametrize("axis", ["linear", "log", "mel", "note", "time", "number"])
    @pytest.mark.parametrize("shape", [(1, 1), (2, 1), (1, 5), (3, 2)])
    def test_the_smallest_and_silence_can_be_drawn(self, axis: str, shape: tuple[int, int]) -> None:
        drawn(spectrogram(np.zeros(shape), values="power", axis=axis, **FRAMES))


def test_a_tone_in_the_middle_of_a_bin_keeps_its_phase() -> None:
    S = stft(tone(1000), n_fft=1024, hop_length=HOP)
    ax = drawn(phase(S, **FRAMES))
    angles = mesh(ax)[2].reshape(S.shape)[63:66, 3:-3]  # the main lobe of bin 64
    turned = np.exp(1j * angles)
    assert np.abs(turned[1] - turned[1].mean()).max() < 1e-3
    # Neighbours turn against their own middles, by a quarter of a turn a frame: together every fourth.
    assert np.abs(turned[:, 1] - turned[1, 1]).max() < 1e-3, "bins of one tone share its phase"
    with pytest.raises(ParameterError, match="complex"):
        phase(np.ones((5, 9)), **FRAMES)


class TestCurve:
    def test_it_lies_over_a_spectrogram_in_hertz(self) -> None:
        ax = spectrogram(np.ones((40, 60)), values="power", axis="mel", **FRAMES)
        limits = ax.get_xlim(), ax.get_ylim()
        over = curve(np.full(60, 440.0), name="pitch", unit="Hz", ax=ax, **FRAMES)
        drawn(over)
        assert over is ax
        assert (ax.get_xlim(), ax.get_ylim()) == limits
        beside = curve(np.zeros(60), name="novelty", side="right", ax=ax, **FRAMES)
        assert beside is not ax
        assert beside.get_ylabel() == "novelty"

    def test_gaps_stay_gaps(self) -> None:
        (line,) = curve(np.array([1.0, np.nan, 3.0]), name="pitch", unit="Hz", **FRAMES).lines
        assert np.isnan(line.get_ydata()[1])

    @pytest.mark.parametrize(
        "values", [np.zeros((2, 3)), np.array([np.inf]), np.zeros(0), np.zeros(3, complex)]
    )
    def test_what_is_no_curve_is_refused(self, values: np.ndarray) -> None:
        with pytest.raises(ParameterError):
            curve(values, name="x", **FRAMES)
        with pytest.raises(ParameterError, match="times"):
            curve(np.zeros(3), name="x")


@pytest.mark.parametrize("library", ["torch", "jax.numpy"])
def test_arrays_of_other_libraries_are_drawn(library: str) -> None:
    xp = pytest.importorskip(library)
    x = xp.asarray(tone(440).astype(np.float32))
    drawn(waveform(x, sample_rate=RATE))
    drawn(spectrogram(abs(stft(x, n_fft=512)), values="magnitude", sample_rate=RATE, hop_length=128))
    drawn(curve(x, name="x", **FRAMES))


def test_without_matplotlib_there_is_a_line_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r'pip install "sori\[display\]"'):
        waveform(np.zeros(9), sample_rate=RATE)


def test_times_and_notes_in_words() -> None:
    assert [clock(s) for s in (0, 59.5, 60, 3599, 3661)] == ["0:00", "0:59.5", "1:00", "59:59", "1:01:01"]
    assert [note_name(midi) for midi in (21, 60, 69, 108)] == ["A0", "C4", "A4", "C8"]
