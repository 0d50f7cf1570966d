import json
from pathlib import Path

import numpy as np
import pytest

from sori.errors import DataError, ParameterError
from sori.signal.common_energy import CommonEnergy
from sori.signal.level import normalize_peak, normalize_rms, peak, peak_level, rms, rms_level

T = np.arange(48000) / 48000
SINE = np.sin(2 * np.pi * 1000 * T)
SILENCE = np.zeros(1000)


def test_a_full_scale_sine_peaks_at_0_and_has_3_db_less_rms() -> None:
    assert peak_level(SINE).item() == pytest.approx(0.0, abs=1e-9)
    assert rms_level(SINE).item() == pytest.approx(-3.0103, abs=1e-4)
    assert rms(np.sign(SINE + 1e-9)).item() == pytest.approx(1.0)


def test_half_the_amplitude_is_6_db() -> None:
    for level in (peak_level, rms_level):
        assert (level(SINE) - level(SINE / 2)).item() == pytest.approx(6.0206, abs=1e-4)


def test_silence_has_a_floor_and_stays_silence() -> None:
    assert rms_level(SILENCE).item() == -120.0
    assert peak_level(SILENCE, floor_dbfs=-90.0).item() == pytest.approx(-90.0)
    for normalize in (normalize_peak, normalize_rms):
        assert not normalize(SILENCE).any()
        assert not normalize(np.full(1000, 1e-310)).max() > 1e-300  # nothing can be made of it


def test_signals_have_levels_of_their_own_and_channels_share_one() -> None:
    pair = np.stack([0.5 * SINE, 0.1 * SINE])
    apart, together = normalize_peak(pair), normalize_peak(pair, linked=True)
    assert peak_level(apart) == pytest.approx([-1.0, -1.0])
    assert peak_level(together) == pytest.approx([-1.0, -1.0 + 20 * np.log10(0.2)])
    assert peak(pair, linked=True).item() == pytest.approx(0.5)
    assert rms_level(
        normalize_rms(pair, target_dbfs=-23.0, linked=True), linked=True
    ).item() == pytest.approx(-23)


@pytest.mark.parametrize("target", [-60.0, -23.0, -12.0])
def test_rms_reaches_its_target(target: float) -> None:
    x = np.random.default_rng(1).standard_normal((3, 48000)) * [[0.2], [1e-3], [1e-6]]
    assert rms_level(normalize_rms(x, target_dbfs=target, over="allow")) == pytest.approx(
        [target] * 3, abs=1e-9
    )


def test_nothing_goes_beyond_full_scale_unless_allowed() -> None:
    clicks = np.zeros(48000)
    clicks[::4800] = 0.5
    with pytest.raises(ParameterError, match=r"beyond full scale: want a lower target"):
        normalize_rms(clicks, target_dbfs=-20.0)
    reduced = normalize_rms(clicks, target_dbfs=-20.0, over="reduce")
    assert peak(reduced).item() == pytest.approx(1.0, abs=1e-12)
    assert rms_level(normalize_rms(clicks, target_dbfs=-20.0, over="allow")).item() == pytest.approx(-20.0)
    with pytest.raises(ParameterError, match="at most 0"):
        normalize_peak(clicks, target_dbfs=3.0)
    assert peak_level(normalize_peak(clicks, target_dbfs=3.0, over="reduce")).item() == pytest.approx(0.0)
    with pytest.raises(ParameterError, match="over='clip'"):
        normalize_rms(clicks, over="clip")  # type: ignore[arg-type]


def test_in_a_trace_error_means_reduce() -> None:
    jax = pytest.importorskip("jax")
    clicks = np.zeros(4800, np.float32)
    clicks[::480] = 0.5
    traced = jax.jit(lambda x: normalize_rms(x, target_dbfs=-20.0))(clicks)
    assert float(abs(traced).max()) == pytest.approx(1.0, abs=1e-6)


class TestCommonEnergy:
    def songs(self) -> list[np.ndarray]:
        rng = np.random.default_rng(2)
        return [gain * rng.standard_normal(n) for gain, n in ((0.01, 5000), (0.2, 8000), (0.05, 3000))]

    def measured(self) -> CommonEnergy:
        common = CommonEnergy()
        for song in [*self.songs(), SILENCE]:
            common.update(song)
        return common

    def test_mean_energy_is_the_mean_of_the_energies(self) -> None:
        common = self.measured()
        assert common.rms() ** 2 == pytest.approx(np.mean([np.mean(song**2) for song in self.songs()]))
        assert (common.signals, common.silent) == (4, 1)

    def test_highest_just_avoids_clipping_anywhere(self) -> None:
        common = self.measured()
        brought = [common.apply(song, goal="highest") for song in self.songs()]
        assert max(np.abs(song).max() for song in brought) == pytest.approx(1.0)
        levels = [rms(song).item() for song in brought]
        assert levels == pytest.approx([levels[0]] * 3)

    def test_parts_measured_apart_are_the_whole(self) -> None:
        one, other = CommonEnergy(), CommonEnergy()
        one.update(self.songs()[0])
        for song in [*self.songs()[1:], SILENCE]:
            other.update(song)
        one.merge(other)
        assert one == self.measured()

    def test_the_state_outlives_the_program(self, tmp_path: Path) -> None:
        common = self.measured()
        common.save(tmp_path / "energy.json")
        assert CommonEnergy.load(tmp_path / "energy.json") == common
        assert json.loads((tmp_path / "energy.json").read_text())["signals"] == 4
        (tmp_path / "broken.json").write_text("{")
        for wrong in ({}, {**common.to_dict(), "version": 9}, [1]):
            with pytest.raises(DataError, match="measure the data set again"):
                CommonEnergy.from_dict(wrong)  # type: ignore[arg-type]
        with pytest.raises(DataError, match="not JSON"):
            CommonEnergy.load(tmp_path / "broken.json")

    def test_nothing_measured_is_refused(self) -> None:
        common = CommonEnergy()
        common.update(SILENCE)
        with pytest.raises(ParameterError, match="nothing that sounds"):
            common.apply(SINE)
