"""What kinds of music there are: metre, tempo, grooves, who plays and how."""

from __future__ import annotations

import dataclasses

# General MIDI programs (from 0) by role.
KEYS = (0, 0, 1, 2, 4, 5, 6, 7, 16, 17, 18)
GUITARS = (24, 25, 26, 27, 28)
DRIVEN = (29, 30)
BASSES = (32, 33, 34, 35, 36, 37, 38, 39, 43)
E_BASS = (33, 34, 35, 36)
SYNTH_BASS = (38, 39, 38, 33)
PADS = (48, 49, 50, 51, 52, 54, 88, 89, 90, 91, 92, 94, 95, 16, 19)
LEADS = (80, 81, 82, 84, 85, 87, 62, 63)
WINDS = (56, 57, 59, 60, 64, 65, 66, 67, 68, 69, 71, 72, 73, 74, 75, 78)
STRINGS = (40, 41, 42, 48)
VOICES = (52, 53, 54, 85)
PLUCKED = (8, 9, 10, 11, 12, 13, 14, 15, 45, 46, 104, 105, 106, 107, 108, 110)
ACCORDION = (21, 22, 23, 109)
LINES = (
    0,
    4,
    11,
    12,
    24,
    25,
    26,
    40,
    42,
    52,
    53,
    56,
    57,
    60,
    64,
    65,
    66,
    68,
    71,
    73,
    74,
    75,
    79,
    80,
    81,
    82,
    85,
    22,
    105,
)


@dataclasses.dataclass(frozen=True)
class Genre:
    """A kind of music.

    ``metre`` beats to the bar; ``division`` pulses to the beat; ``bpm`` lowest, usual and highest;
    ``swing`` where the middle of the beat falls (or, at level 2, of the half beat); ``comp``, ``bass``
    ways of playing; ``cycle`` beats of a pattern longer than the bar.
    """

    name: str
    weight: float
    metre: int
    division: int
    bpm: tuple[float, float, float]
    grooves: str
    style: str
    comp: str
    bass: str
    swing: tuple[float, float] = (0.5, 0.5)
    swing_level: int = 1
    drums: float = 0.95
    minor: float = 0.4
    comp_programs: tuple[int, ...] = KEYS + GUITARS
    bass_programs: tuple[int, ...] = E_BASS
    lead_programs: tuple[int, ...] = LINES
    pad: float = 0.4
    lead: float = 0.75
    kits: tuple[int, ...] = (0, 0, 8, 16)
    rubato: float = 0.0
    chord_bars: tuple[float, ...] = (1.0, 1.0, 0.5, 2.0)
    human_ms: tuple[float, float] = (3.0, 14.0)
    cycle: int | None = None


def _g(*args: object, **kwargs: object) -> Genre:
    return Genre(*args, **kwargs)  # type: ignore[arg-type]


JAZZ = (0, 0, 4, 26, 11)
GENRES = (
    _g("rock", 4, 4, 4, (84, 124, 178), "rock rock2 rock3 rock4 krautrock halftime", "rock",
       "eighths block strum quarters", "eighths root",
       comp_programs=DRIVEN + GUITARS + (16, 0)),
    _g("pop", 4, 4, 4, (76, 112, 150), "rock rock2 disco2 ballad breaks", "pop",
       "block strum arp eighths syncopated", "eighths root tresillo octave"),
    _g("ballad", 4, 4, 4, (52, 70, 96), "ballad ballad2 ballad3 rock", "pop",
       "arp block quarters pad broken", "root rootfifth", pad=0.6, drums=0.7),
    _g("punk", 1.5, 4, 2, (150, 175, 208), "punk punk2 rock", "rock", "eighths", "eighths",
       comp_programs=DRIVEN, pad=0.05, human_ms=(5, 18)),
    _g("disco", 2, 4, 4, (104, 118, 134), "disco disco2", "pop", "stabs syncopated block eighths",
       "octave eighths funk", pad=0.6),
    _g("house", 2.5, 4, 4, (116, 124, 134), "house house2 disco", "modal", "stabs offbeat pad syncopated",
       "offbeat funk octave", kits=(24, 25, 0),
       bass_programs=SYNTH_BASS, lead_programs=LEADS, comp_programs=(4, 5, 62, 63, 80, 81, 90, 0),
       human_ms=(0, 2), minor=0.65),
    _g("techno", 2, 4, 4, (122, 134, 150), "techno trance house2", "power", "stabs arp pad offbeat",
       "offbeat eighths pulses", kits=(24, 25),
       bass_programs=SYNTH_BASS, lead_programs=LEADS, comp_programs=(62, 80, 81, 87, 90, 95), human_ms=(0,
       1), minor=0.85, lead=0.5),
    _g("hiphop", 2.5, 4, 4, (76, 90, 106), "hiphop hiphop2 hiphop3 funk2", "jazz", "block stabs broken arp",
       "sub funk root", swing=(0.5, 0.62), swing_level=2,
       kits=(0, 8, 24, 25), bass_programs=SYNTH_BASS + E_BASS, minor=0.6, lead=0.5),
    _g("trap", 1.5, 4, 4, (60, 70, 80), "trap trap2", "pop", "arp block pad broken", "sub", kits=(25, 24),
       bass_programs=(38, 39), minor=0.85,
       human_ms=(0, 3), comp_programs=PLUCKED[:6] + PADS[:5] + (0,)),
    _g("dnb", 2, 4, 2, (160, 172, 182), "dnb dnb2 amen", "modal", "pad block stabs", "sub funk root",
       kits=(0, 24, 16), bass_programs=SYNTH_BASS, minor=0.7,
       chord_bars=(2.0, 2.0, 1.0), human_ms=(0, 5)),
    _g("reggae", 2.5, 4, 4, (62, 76, 96), "onedrop onedrop2 steppers", "rock", "skank skank2",
       "reggae rootfifth", comp_programs=(16, 27, 28, 0, 18)),
    _g("ska", 1, 4, 2, (108, 140, 172), "ska", "pop", "skank", "walk eighths", comp_programs=(27, 28, 16, 0)),
    _g("reggaeton", 1.5, 4, 4, (84, 94, 106), "reggaeton", "pop minor", "stabs block arp", "tresillo sub",
       minor=1.0, kits=(24, 25, 0), human_ms=(0, 3)),
    _g("swing", 3, 4, 2, (100, 150, 208), "swing swing2 swing3 bigband", "jazz",
       "charleston block quarters", "walk walk two", swing=(0.58, 0.68),
       comp_programs=JAZZ, bass_programs=(32, 32, 43), kits=(32, 40, 0), pad=0.1, human_ms=(6, 20)),
    _g("jazz ballad", 1, 4, 2, (50, 62, 78), "brushes swing", "jazz", "block charleston broken", "two root",
       swing=(0.52, 0.66), comp_programs=JAZZ,
       bass_programs=(32, 43), kits=(40, 32), drums=0.7, rubato=0.01, human_ms=(8, 22)),
    _g("jazz waltz", 1.5, 3, 2, (96, 140, 196), "jazzwaltz jazzwaltz2", "jazz", "charleston block",
       "walk root", swing=(0.56, 0.67), comp_programs=JAZZ,
       bass_programs=(32,), kits=(32, 40)),
    _g("bossa", 2, 4, 4, (104, 124, 148), "bossa bossa2", "jazz", "bossa charleston", "rootfifth",
       comp_programs=(24, 24, 0, 4), bass_programs=(32, 33), kits=(0, 40),
       chord_bars=(1.0, 2.0)),
    _g("samba", 2, 2, 4, (84, 100, 126), "samba_two", "jazz major", "bossa syncopated strum", "samba",
       comp_programs=(24, 25, 0), kits=(0, 8), chord_bars=(1.0, 2.0, 2.0)),
    _g("funk", 3, 4, 4, (88, 106, 124), "funk funk2 funk3", "modal", "stabs syncopated", "funk", swing=(0.5,
       0.58), swing_level=2, comp_programs=(27, 28, 7, 4, 16, 61),
       chord_bars=(1.0, 2.0, 4.0)),
    _g("afrobeat", 1.5, 4, 4, (98, 114, 132), "afrobeat", "modal", "stabs syncopated arp", "funk tresillo",
       comp_programs=(27, 16, 4, 61), chord_bars=(2.0, 4.0), minor=0.7),
    _g("blues", 2.5, 4, 3, (66, 112, 150), "shuffle shuffle2", "blues", "shuffle block quarters",
       "walk shuffle", minor=0.1, comp_programs=(0, 26, 27, 29, 16)),
    _g("slow blues", 1.5, 4, 3, (44, 58, 76), "slowblues gospel128", "blues", "triplets block", "walk root",
       minor=0.3, comp_programs=(0, 16, 27, 4)),
    _g("gospel", 1.5, 4, 3, (54, 68, 92), "gospel128 slowblues", "gospel", "triplets block", "root walk",
       minor=0.0, pad=0.6, comp_programs=(0, 16, 18, 4)),
    _g("waltz", 3, 3, 2, (84, 126, 190), "waltz waltz2 waltz3", "classical", "oompah arp block", "root",
       drums=0.55, comp_programs=(0, 21, 24, 48, 46, 61), rubato=0.015,
       bass_programs=(32, 43, 58, 0)),
    _g("folk waltz", 1.5, 3, 2, (88, 118, 150), "waltz2 waltz", "pop", "strum oompah arp", "root rootfifth",
       drums=0.4, comp_programs=(24, 25, 105, 21)),
    _g("six eight", 3, 2, 3, (50, 60, 82), "sixeight sixeight2 sixeight3", "pop", "arp triplets strum",
       "root", drums=0.7),
    _g("slow six", 1.5, 6, 2, (96, 124, 150), "six six2", "pop", "arp strum six", "root", drums=0.6,
       chord_bars=(1.0, 0.5)),
    _g("jig", 1.5, 2, 3, (104, 118, 134), "jig jig2", "modal", "strum oompah", "root", drums=0.55,
       comp_programs=(24, 25, 21, 105, 46), lead_programs=(40, 72, 73, 75, 109, 110, 22),
       lead=1.0, chord_bars=(1.0, 2.0)),
    _g("reel", 1, 4, 4, (96, 108, 122), "reel", "modal", "strum oompah", "root rootfifth", drums=0.5,
       comp_programs=(24, 25, 21, 105), lead_programs=(40, 72, 73, 75, 109), lead=1.0),
    _g("five", 2.5, 5, 2, (92, 140, 186), "five five2 five3", "modal", "groups block arp eighths",
       "groups root", swing=(0.5, 0.6)),
    _g("seven", 2.5, 7, 1, (150, 190, 226), "seven seven3", "modal", "groups block", "groups root",
       minor=0.6),
    _g("slow seven", 1.5, 7, 2, (88, 120, 152), "seven2", "modal", "groups arp block eighths",
       "groups root eighths"),
    _g("metal", 2, 4, 4, (88, 130, 196), "metal metal2 gallop halftime", "power", "chug eighths",
       "pulses eighths", comp_programs=DRIVEN, bass_programs=(34, 33), minor=0.9,
       kits=(16, 0), pad=0.1, lead_programs=(*DRIVEN, 81, 52), lead=0.5, chord_bars=(1.0, 0.5)),
    _g("country", 2, 4, 4, (84, 112, 168), "train country", "pop major", "boomchick strum arp", "rootfifth",
       minor=0.0, comp_programs=(24, 25, 27, 105), pad=0.1),
    _g("folk", 2.5, 4, 4, (76, 104, 142), "country ballad2 rock", "pop", "strum arp broken",
       "root rootfifth", drums=0.12, comp_programs=(24, 25, 25, 105, 46, 106), pad=0.15),
    _g("classical keys", 2.5, 4, 4, (58, 96, 152), "rock", "classical", "alberti arp broken block",
       "none root", drums=0.0, comp_programs=(0, 0, 6, 24, 46, 7), rubato=0.02,
       bass_programs=(0, 42, 43), chord_bars=(1.0, 0.5), lead_programs=(0, 0, 40, 73, 68)),
    _g("classical three", 1.5, 3, 2, (66, 110, 168), "waltz", "classical", "alberti arp block", "none root",
       drums=0.0, comp_programs=(0, 0, 6, 24, 46), rubato=0.02,
       bass_programs=(0, 42), chord_bars=(1.0, 0.5), lead_programs=(0, 40, 73)),
    _g("rubato piano", 2.5, 4, 2, (50, 72, 112), "rock", "classical", "arp broken block alberti",
       "root none", drums=0.0, comp_programs=(0, 0, 1, 4), rubato=0.055,
       bass_programs=(0,), lead_programs=(0,), pad=0.0),
    _g("string quartet", 2, 4, 2, (56, 92, 142), "rock", "classical", "block eighths quarters tremolo",
       "root eighths", drums=0.0, comp_programs=(48, 41, 40, 42), rubato=0.025,
       bass_programs=(42, 43), lead_programs=(40,), pad=0.0, lead=1.0, human_ms=(6, 24)),
    _g("hymn", 1.5, 4, 1, (60, 84, 112), "rock", "classical major", "quarters block", "quarters", drums=0.0,
       comp_programs=(19, 20, 52, 61, 48), rubato=0.012, minor=0.15,
       bass_programs=(19, 20, 58, 52), lead_programs=(19, 52, 56), chord_bars=(0.25, 0.5)),
    _g("orchestra", 1.5, 4, 4, (62, 110, 164), "march_four", "classical", "tremolo block eighths arp",
       "root quarters eighths", drums=0.25, comp_programs=(48, 48, 61, 46), kits=(48,),
       bass_programs=(43, 48, 58), lead_programs=(40, 56, 60, 68, 71, 73), rubato=0.02),
    _g("ambient", 1, 4, 2, (60, 78, 104), "ballad house2", "modal", "pad arp", "root sub", drums=0.15,
       comp_programs=PADS, pad=0.9, chord_bars=(1.0, 2.0)),
    _g("salsa", 2, 4, 2, (156, 184, 212), "salsa mambo son", "latin", "montuno", "tumbao", comp_programs=(0,
       0, 24, 61), bass_programs=(32, 33), minor=0.6),
    _g("chacha", 1.5, 4, 2, (112, 122, 132), "chacha", "latin", "montuno offbeat", "tumbao",
       comp_programs=(0, 61), bass_programs=(32, 33)),
    _g("son", 1.5, 4, 2, (94, 126, 176), "son rumba bolero", "latin", "montuno strum bossa", "tumbao root",
       comp_programs=(24, 25, 0), bass_programs=(32,), kits=(0, 8)),
    _g("tango", 1.5, 4, 2, (112, 122, 134), "tango", "latin", "quarters oompah", "quarters root", drums=0.3,
       comp_programs=(0, 21, 23, 48), bass_programs=(32, 43), minor=0.9,
       lead_programs=(21, 23, 40), rubato=0.01),
    _g("cumbia", 1, 4, 2, (84, 96, 112), "cumbia", "latin", "skank offbeat", "rootfifth", comp_programs=(21,
       24, 27), bass_programs=(33, 39)),
    _g("march", 2, 2, 4, (98, 114, 130), "march march2", "classical major", "oompah", "rootfifth",
       comp_programs=(61, 60, 57, 69), bass_programs=(58, 57, 70), minor=0.1, kits=(48, 0),
       lead_programs=(56, 72, 61, 71), drums=0.8),
    _g("polka", 1, 2, 2, (106, 118, 134), "polka", "pop major", "oompah", "rootfifth", comp_programs=(21,
       61, 105), bass_programs=(58, 32), lead_programs=(21, 71, 40), minor=0.1, drums=0.8),
    _g("gutgeori", 1.5, 4, 3, (56, 72, 92), "gutgeori gutgeori2 jungjungmori", "drone", "drone none",
       "none root", drums=0.9, pad=0.1, lead=1.0, comp_programs=(107, 46, 110),
       lead_programs=(75, 77, 107, 110, 111, 73, 106, 68), kits=(0, 48), chord_bars=(2.0, 4.0), human_ms=(6,
       22)),
    _g("jajinmori", 1.5, 4, 3, (92, 118, 146), "jajinmori jajinmori2", "drone", "drone none", "none root",
       drums=0.95, pad=0.1, lead=0.9, comp_programs=(107, 46),
       lead_programs=(75, 107, 111, 110, 73), kits=(0, 48), chord_bars=(2.0, 4.0)),
    _g("hwimori", 0.7, 4, 2, (150, 186, 216), "hwimori", "drone", "drone none", "none", drums=1.0, pad=0.0,
       lead=0.7, comp_programs=(107,), lead_programs=(75, 111, 107), chord_bars=(4.0,)),
    _g("semachi", 1, 3, 3, (68, 86, 112), "semachi", "drone", "drone arp none", "none root", drums=0.9,
       lead=1.0, comp_programs=(107, 24), lead_programs=(75, 77, 107, 111, 53), chord_bars=(2.0,)),
    _g("jungmori", 1, 3, 2, (72, 88, 108), "jungmori", "drone", "drone none", "none", drums=1.0, lead=1.0,
       comp_programs=(107, 46), lead_programs=(75, 107, 110, 111), chord_bars=(4.0,), cycle=12),
    _g("bembe", 1, 4, 3, (84, 108, 132), "bembe", "modal", "triplets stabs", "root tresillo", drums=1.0,
       comp_programs=(12, 13, 108, 24), chord_bars=(2.0, 1.0)),
)  # fmt: skip
