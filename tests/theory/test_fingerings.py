"""Shapes on the fretboard: the known ones first, all of them playable and right."""

from __future__ import annotations

import itertools
import time

import pytest

from sori.errors import ParameterError
from sori.theory.chords import SHORTHANDS, parse_chord
from sori.theory.fingerings import TUNINGS, Fingering, fingerings
from sori.theory.lead_sheet import parse_chord_name
from sori.units import PITCH_CLASSES

GUITAR = """
C x32010 G 320003 D xx0232 A x02220 E 022100 F 133211 B x24442 Am x02210 Em 022000 Dm xx0231 Bm x24432
F#m 244222 C#m x46654 Gm 355333 Cm x35543 Fm 133111 Bb x13331 Ab 466544 F# 244322 C# x46664 G#m 466444
Bbm x13321
A7 x02020 B7 x21202 C7 x32310 D7 xx0212 E7 020100 G7 320001 F7 131211 Bb7 x13131 F#7 242322 C#7 x46464
Amaj7 x02120 Cmaj7 x32000 Dmaj7 xx0222 Emaj7 021100 Fmaj7 xx3210 Gmaj7 320002
Am7 x02010 Dm7 xx0211 Em7 020000 Bm7 x20202 Gm7 353333 Cm7 x35343 F#m7 242222
Asus4 x02230 Dsus4 xx0233 Esus4 022200 Asus2 x02200 Dsus2 xx0230 Gsus4 330013 Csus4 x33011 Fsus4 133311
A7sus4 x02030 D7sus4 xx0213 E7sus4 020200 Cadd9 x32030 G6 320000 C6 x32210 A6 x02222 Em6 022020 Dm6 xx0201
Adim x0121x Bdim x2343x Caug x32110 E9 020102 E5 022xxx A5 x022xx C#5 x466xx
C/E 032010 C/G 332010 D/F# 200232 G/B x20003 A/C# x42220 F/C x33211 F/A x03211 D/A x00232 Am/E 002210
"""
UKULELE = """
C 0003 C7 0001 Cm 0333 Cmaj7 0002 C6 0000 D 2220 Dm 2210 D7 2223 Dm7 2213 Dmaj7 2224 E 4442 Em 0432 E7 1202
Em7 0202 F 2010 Fm 1013 F7 2313 G 0232 Gm 0231 G7 0212 Gmaj7 0222 Gm7 0211 A 2100 Am 2000 A7 0100 Am7 0000
Amaj7 1100 Bb 3211 Bbm 3111 Bb7 1211 B 4322 Bm 4222 B7 2322 Bm7 2222 F#m 2120 F# 3121 C#m 1104 C# 1114 Eb 0331
Ab 5343 Asus4 2200 Dsus4 0230 Gsus4 0233 Csus4 0013 Fsus4 3011 Cadd9 0203 Caug 1003
"""
BARITONE = "C 2010 G 0003 D 0232 A 2220 Am 2210 Em 2000 Dm 0231 G7 0001 D7 0212 C7 2310"
SHAPES = [
    (tuning, name, shape)
    for tuning, words in (("guitar", GUITAR), ("ukulele", UKULELE), ("baritone ukulele", BARITONE))
    for name, shape in zip(words.split()[::2], words.split()[1::2], strict=True)
]
KINDS = [name for name in SHORTHANDS if name not in ("", "1")]


@pytest.mark.parametrize(("tuning", "name", "shape"), SHAPES)
def test_the_shape_everybody_learns_comes_first(tuning: str, name: str, shape: str) -> None:
    assert fingerings(parse_chord_name(name), tuning=tuning)[0].text == shape


def check_playable(grip: Fingering) -> None:
    """One hand holds it: fingers in the order of the frets, barres over nothing that is lower."""
    pressed = [fret for fret in grip.frets if fret]
    assert not pressed or max(pressed) - min(pressed) <= 3
    used = {}
    for string, (fret, finger) in enumerate(zip(grip.frets, grip.fingers, strict=True)):
        assert (finger is None) == (not fret), grip
        if finger is not None and fret is not None:
            assert 1 <= finger <= 4
            assert used.setdefault(finger, fret) == fret
            under = [barre for barre in grip.barres if barre.finger == finger]
            shared = grip.fingers.count(finger) > 1
            assert bool(under) == shared or under, grip
            assert all(barre.first <= string <= barre.last and barre.fret == fret for barre in under)
    order = sorted(used)
    assert [used[finger] for finger in order] == sorted(used.values()), grip
    for barre in grip.barres:
        across = grip.frets[barre.first : barre.last + 1]
        assert all(fret is not None and fret >= barre.fret for fret in across)
        assert grip.frets[barre.first] == grip.frets[barre.last] == barre.fret
    if pressed:
        assert grip.base_fret <= min(pressed)
        assert max(pressed) - grip.base_fret <= 3
    sounding = [string for string, fret in enumerate(grip.frets) if fret is not None]
    assert sounding == list(range(sounding[0], sounding[-1] + 1))


@pytest.mark.parametrize("tuning", TUNINGS)
def test_every_grip_is_playable_and_right(tuning: str) -> None:
    for root, kind in itertools.product(PITCH_CLASSES, KINDS):
        chord = parse_chord(f"{root}:{kind}")
        found = fingerings(chord, tuning=tuning)
        assert found or tuning == "mandolin", chord
        assert len({grip.frets for grip in found}) == len(found)
        for grip in found:
            check_playable(grip)
            heard = {note % 12 for note in grip.midi}
            assert heard <= chord.pitch_classes
            needed = {
                step for step in chord.intervals if step in (2, 3, 4, 5, 10, 11) and len(chord.intervals) <= 4
            }
            assert {(step + chord.root_pitch_class) % 12 for step in needed} <= heard, (chord, grip)


def test_the_bass_is_lowest_on_the_guitar() -> None:
    missed = 0
    for root, kind, bass in itertools.product(PITCH_CLASSES, KINDS, ("", "/3", "/5", "/b7", "/2")):
        chord = parse_chord(f"{root}:{kind}{bass}")
        for grip in fingerings(chord, limit=1):
            check_playable(grip)
            missed += min(grip.midi) % 12 != chord.bass_pitch_class
    assert missed <= 3  # crowded chords over a foreign bass


def test_the_order_is_of_ease() -> None:
    easy = ["E:min", "A:min", "C:maj", "G:maj", "D:maj"]
    hard = ["F:maj", "B:min", "F#:maj", "C#:min", "Ab:maj"]
    worst = max(fingerings(label)[0].difficulty for label in easy)
    assert worst < min(fingerings(label)[0].difficulty for label in hard)
    assert fingerings("C:maj6", tuning="ukulele")[0].difficulty == 0.0


def test_fingers_and_barres_are_named() -> None:
    grip = fingerings("F:maj")[0]
    assert grip.fingers == (1, 3, 4, 2, 1, 1)
    assert [(barre.fret, barre.first, barre.last) for barre in grip.barres] == [(1, 0, 5)]
    assert grip.midi == (41, 48, 53, 57, 60, 65)
    assert fingerings("C:maj")[0].fingers == (None, 3, 2, None, 1, None)
    assert fingerings("C:maj", tuning="ukulele")[0].fingers == (None, None, None, 3)
    assert fingerings("C#:min")[0].base_fret == 4
    assert fingerings("D:maj")[0].base_fret == 1


def test_any_tuning_can_be_given() -> None:
    assert fingerings("D:sus4", tuning="guitar DADGAD")[0].text == "000000"
    same = fingerings("G:maj", tuning=[40, 45, 50, 55, 59, 64])
    assert same == fingerings("G:maj")
    bass = fingerings("C:maj", tuning=(28, 33, 38, 43))
    assert bass
    assert {note % 12 for note in bass[0].midi} <= {0, 4, 7}
    for wrong in ("lute", (40, 45), (40,) * 9, (40, 45, 200)):
        with pytest.raises(ParameterError, match="tuning"):
            fingerings("C:maj", tuning=wrong)


def test_limits_and_nothing() -> None:
    assert fingerings("N") == fingerings("X", tuning="ukulele") == ()
    assert len(fingerings("C:maj", limit=1)) == 1
    with pytest.raises(ParameterError, match="limit"):
        fingerings("C:maj", limit=0)
    with pytest.raises(ParameterError, match="Harte"):
        fingerings("Cm")
    assert fingerings("A#:min")[0] == fingerings("Bb:min")[0]


def test_it_is_quick() -> None:
    started = time.process_time()
    tried = [fingerings(f"{root}:{kind}/2") for root in PITCH_CLASSES for kind in KINDS]
    assert (time.process_time() - started) / len(tried) < 0.02  # on any machine; about a millisecond on most


def test_frets_of_two_figures_are_set_apart() -> None:
    grip = Fingering((40, 45, 50), (None, 10, 0), (None, 1, None), (), 10, 1.0)
    assert grip.text == "x-10-0"
    assert grip.midi == (55, 50)
