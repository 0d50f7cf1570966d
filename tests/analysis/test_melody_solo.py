"""One voice is told from many."""

from __future__ import annotations

from pathlib import Path

import pytest

from sori import audio
from sori.analysis.listening import Listening
from sori.analysis.material import condense
from sori.analysis.melody.solo import is_solo, share_of_voice
from sori.events import Pitch


@pytest.mark.parametrize(
    ("name", "solo"),
    [
        ("pitch/freesound/cello-phrase.wav", True),
        ("pitch/freesound/singing-female.wav", True),
        ("pitch/freesound/orchestra.wav", False),
        ("music/opensurge/allegro.ogg", False),
    ],
)
def test_solo_on_recordings(data: Path, name: str, solo: bool) -> None:
    listening = Listening(condense(audio.blocks(data / name), keep_mono=True))
    assert is_solo(listening.pitch, listening.partials) is solo


def test_nothing_is_no_voice(data: Path) -> None:
    listening = Listening(condense(audio.blocks(data / "pitch/freesound/oboe-A4.wav"), keep_mono=True))
    assert share_of_voice(Pitch((), (), (), ()), listening.partials) == 0.0
    unvoiced = Pitch((0.0, 1.0), (440.0, 440.0), (0.0, 0.0), (False, False))
    assert share_of_voice(unvoiced, listening.partials) == 0.0
