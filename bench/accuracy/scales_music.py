"""Music in any tuning whose truth is exact: composed, played and put in a room from one seed."""

from __future__ import annotations

import dataclasses

import numpy as np

from bench.accuracy.scales_note import Note
from bench.accuracy.scales_sampled import play_sampled
from sori.theory.scales import SCALES, equal_temperament

RATE = 22050
_SECONDS = 45.0
_BY_NAME = {scale.name: scale for scale in SCALES}

# Tuning by what is asked for, and the families that answer it.
TUNINGS: dict[str, tuple[str, ...]] = {
    "19-TET": ("19-TET", "19-TET major", "19-TET minor"),
    "22-TET": ("22-TET", "22-TET symmetric decatonic"),
    "24-TET": ("24-TET", "maqam Rast", "maqam Bayati", "maqam Huzam", "maqam Iraq"),
    "12-TET": (
        "12-TET major (Ionian)",
        "12-TET natural minor (Aeolian)",
        "12-TET Dorian",
        "12-TET harmonic minor",
    ),
    "just": ("just major (Ptolemy, intense diatonic)", "just natural minor", "just harmonic minor"),
    "Pythagorean": ("Pythagorean major", "Pythagorean minor", "Pythagorean Mixolydian"),
    "makam": ("makam Uşşak", "makam Hicaz", "makam Saba", "makam Karcığar"),
    "raga": (
        "raga Yaman (Kalyani)",
        "raga Bhairav (Mayamalavagaula)",
        "raga Todi",
        "raga Malkauns (Hindolam)",
    ),
    "gugak": ("Pyeongjo (gyeong-tori)", "Gyemyeonjo (five notes)", "Menari-tori (eastern)"),
    "gamelan": ("slendro, reported average", "pelog, reported average"),
}


@dataclasses.dataclass(frozen=True)
class Piece:
    """A rendered piece with its truth; ``shares`` of the time belong to ``cents`` above ``tonic_hz``."""

    samples: np.ndarray
    tuning: str
    scale: str
    style: str
    tonic_hz: float
    cents: tuple[float, ...]
    shares: tuple[float, ...]
    drift_cents_per_s: float
    comes_home: bool


def make(seed: int, tuning: str, *, held: bool) -> Piece:
    """Compose and play a piece, some of them on the sampled instruments of their half."""
    rng = np.random.default_rng([seed, list(TUNINGS).index(tuning)])
    name, cents = _choose(rng, tuning)
    styles = (
        ["drone", "single"]
        if tuning in ("makam", "raga", "gugak", "gamelan")
        else ["song", "song", "drone", "single"]
    )
    style = str(rng.choice(styles))
    tonic = 261.63 * 2 ** (rng.uniform(-9, 3) / 12)
    notes = _song(rng, cents) if style == "song" else _tune(rng, cents, drone=style == "drone")
    drift = float(rng.choice([0, 0, 0, 1, -1]) * rng.uniform(15, 60))
    end = max(note.start + note.length for note in notes)
    sampled = tuning != "gamelan" and rng.random() < 0.4
    if sampled:
        dry = play_sampled(rng, notes, tonic, drift, held=held, rate=RATE)
    else:
        dry = _play(rng, notes, tonic, drift, metal=tuning == "gamelan")
    if style == "song" and rng.random() < 0.4:
        dry = dry + _drums(rng, len(dry), dry.std())
    last = max((note for note in notes if note.part == "melody"), key=lambda note: note.start)
    comes_home = last.cents % 1200 == 0
    if style == "song" and rng.random() < 0.25:
        comes_home = False  # faded out before
        fade = round(8 * RATE)
        dry = dry[: len(dry) - fade]
        dry[-fade:] *= np.linspace(1, 0, fade)
    samples = _room(rng, dry)
    heard = np.array([note.cents for note in notes]) % 1200
    length = np.array([note.length for note in notes])
    near = np.abs((heard[:, None] - np.array(cents) + 600) % 1200 - 600).argmin(axis=1)
    shares = np.bincount(near, length, minlength=len(cents)) / length.sum()
    # The tonic is asked for at mid-recording, where a drifting one is on the mean of its way.
    played = f"{style}, sampled" if sampled else style
    return Piece(
        samples=samples,
        tuning=tuning,
        scale=name,
        style=played,
        tonic_hz=tonic * 2 ** (drift / 2400),
        cents=cents,
        shares=tuple(shares.tolist()),
        drift_cents_per_s=drift / end,
        comes_home=comes_home,
    )


def _choose(rng: np.random.Generator, tuning: str) -> tuple[str, tuple[float, ...]]:
    """Return a scale's name and its notes; of a large equal temperament, six to ten of them."""
    name = str(rng.choice(TUNINGS[tuning]))
    cents = _BY_NAME[name].cents
    if len(cents) <= 12:
        return name, cents
    size = len(cents)
    steps = equal_temperament(size)
    fifth = round(size * np.log2(1.5))
    kept = {0, fifth}
    rest = [step for step in range(1, size) if step != fifth]
    wanted = int(rng.integers(6, 11))
    for step in rng.permutation(rest):
        if len(kept) < wanted and min(min(abs(step - k), size - abs(step - k)) for k in kept) >= 2:
            kept.add(int(step))
    return name, tuple(steps[step] for step in sorted(kept))


def _at(cents: tuple[float, ...], degree: int) -> float:
    return cents[degree % len(cents)] + 1200 * (degree // len(cents))


def _walk(rng: np.random.Generator, degree: int, size: int) -> int:
    step = int(rng.choice([-3, -2, -1, -1, 0, 1, 1, 2, 3]))
    return int(np.clip(degree + step, -size // 2, size + size // 2))


def _song(rng: np.random.Generator, cents: tuple[float, ...]) -> list[Note]:
    """Melody over chords with a bass: phrases of four bars that begin and mostly end at home."""
    beat, size = 60 / rng.uniform(80, 140), len(cents)
    fifth = int(np.abs(np.array(cents) - 702).argmin())
    notes: list[Note] = []
    time, degree = 0.3, size
    home = True
    while time < _SECONDS - 16 * beat:
        roots = [
            0 if rng.random() < 0.7 else int(rng.integers(size)),
            int(rng.integers(size)),
            int(rng.choice([fifth, int(rng.integers(size))])),
            0,
        ]
        if not home:
            roots[-1] = fifth
        for bar, root in enumerate(roots):
            start = time + 4 * bar * beat
            notes.append(Note(start, 3.8 * beat, _at(cents, root) - 1200, 0.5, "bass"))
            chord = [root, *(_third_and_fifth(cents, root))]
            notes += [Note(start, 3.7 * beat, _at(cents, d), 0.22, "chord") for d in chord]
            at = 0.0
            while at < 4:
                length = float(rng.choice([0.5, 1, 1, 2]))
                length = min(length, 4 - at)
                if bar == 3 and at >= 2:
                    length, degree = 4 - at, (size if home else size + fifth)
                else:
                    degree = _walk(rng, degree, size)
                notes.append(Note(start + at * beat, 0.95 * length * beat, _at(cents, degree), 0.4, "melody"))
                at += length
        time += 16 * beat
        home = not home or time >= _SECONDS - 32 * beat
    return notes


def _third_and_fifth(cents: tuple[float, ...], root: int) -> tuple[int, int]:
    """Return the degrees nearest to a third and a fifth above a root."""
    size = len(cents)
    above = [_at(cents, root + k) - _at(cents, root) for k in range(size + 1)]
    third = min(range(size + 1), key=lambda k: abs(above[k] - 350))
    fifth = min(range(size + 1), key=lambda k: abs(above[k] - 702))
    return root + third, root + fifth


def _tune(rng: np.random.Generator, cents: tuple[float, ...], *, drone: bool) -> list[Note]:
    """One voice, with a drone or alone: phrases that come home."""
    beat, size = 60 / rng.uniform(60, 120), len(cents)
    notes: list[Note] = []
    time, degree = 0.3, 0
    while time < _SECONDS - 10 * beat:
        phrase_end = time + 8 * beat
        while time < phrase_end:
            degree = _walk(rng, degree, size)
            length = float(rng.choice([0.5, 1, 1, 1.5]))
            notes.append(Note(time, 0.97 * length * beat, _at(cents, degree), 0.5, "melody"))
            time += length * beat
        degree = 0 if rng.random() < 0.7 or time >= _SECONDS - 10 * beat else degree
        notes.append(Note(time, 1.9 * beat, _at(cents, degree), 0.5, "melody"))
        time += 2.2 * beat
    if drone:
        starts = np.arange(0.1, time - 2, 2.5)
        notes += [Note(float(s), 2.4, -1200.0, 0.35, "drone") for s in starts]
        fifth = min(cents, key=lambda c: abs(c - 702))
        if abs(fifth - 702) < 30 and rng.random() < 0.6:
            notes += [Note(float(s) + 0.6, 1.8, fifth - 1200, 0.2, "drone") for s in starts]
    return notes


def _timbre(rng: np.random.Generator, part: str, *, metal: bool) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the partials' ratios and levels, and the time in which a note decays."""
    if metal and part == "melody":
        return np.array([1.0, 2.76, 5.40]), np.array([1.0, 0.15, 0.05]), 0.8
    kind = str(rng.choice(["flute", "saw", "odd", "organ", "reed", "string", "piano"]))
    h = np.arange(1, 17, dtype=float)
    ratio, decay = h.copy(), 20.0
    level = {
        "flute": h**-2.5,
        "saw": h**-1.0,
        "odd": np.where(h % 2 == 1, h**-1.2, 0.05 * h**-1.0),
        "organ": np.isin(h, [1, 2, 3, 4, 6, 8]) * h**-0.7,
        "reed": np.array([0.4, 1.0, 0.8, 0.5, 0.4, 0.3, 0.2, 0.15, *[0.08] * 8]),
        "string": h**-1.3,
        "piano": h**-1.5,
    }[kind]
    if kind in ("string", "piano"):
        stiff = rng.uniform(0.5e-4, 5e-4)
        ratio = h * np.sqrt(1 + stiff * h**2) / np.sqrt(1 + stiff)
        decay = rng.uniform(0.7, 2.0)
    return ratio, level / np.sqrt((level**2).sum()), decay


def _play(
    rng: np.random.Generator, notes: list[Note], tonic: float, drift: float, *, metal: bool
) -> np.ndarray:
    end = max(note.start + note.length for note in notes)
    out = np.zeros(round((end + 2) * RATE))
    timbres = {part: _timbre(rng, part, metal=metal) for part in ("melody", "chord", "bass", "drone")}
    vibrato = float(rng.choice([0, 0, 10, 25]))
    jitter = rng.uniform(0, 4)
    for note in notes:
        ratio, level, decay = timbres[note.part]
        n = round(note.length * RATE)
        t = np.arange(n) / RATE
        cents = note.cents + rng.normal(0, jitter) + drift * (note.start + t) / end
        if note.part == "melody":
            cents = cents + vibrato * np.sin(2 * np.pi * 5.5 * t + rng.uniform(0, 6)) * np.minimum(1, t / 0.3)
        phase = 2 * np.pi * np.cumsum(tonic * 2 ** (cents / 1200)) / RATE
        use = ratio * tonic * 2 ** (note.cents / 1200) < 0.45 * RATE
        wave = sum(
            g * np.sin(r * phase + p)
            for r, g, p in zip(ratio[use], level[use], rng.uniform(0, 6, 16), strict=False)
        )
        shape = np.minimum(1, t / 0.015) * np.minimum(1, (note.length - t) / 0.03) * np.exp(-t / decay)
        begin = round(note.start * RATE)
        out[begin : begin + n] += note.gain * wave * shape
    return out


def _drums(rng: np.random.Generator, n: int, level: float) -> np.ndarray:
    """Bursts of noise and a falling thump, without pitch, at an even pulse."""
    out = np.zeros(n)
    pulse = round(rng.uniform(0.2, 0.4) * RATE)
    t = np.arange(round(0.15 * RATE)) / RATE
    for index, at in enumerate(range(round(0.3 * RATE), n - len(t), pulse)):
        if index % 4 == 0:
            out[at : at + len(t)] += (
                4 * level * np.sin(2 * np.pi * (50 * t - 4 * np.exp(-20 * t))) * np.exp(-20 * t)
            )
        elif index % 2 == 0:
            out[at : at + len(t)] += 2 * level * rng.standard_normal(len(t)) * np.exp(-30 * t)
    return out


def _room(rng: np.random.Generator, dry: np.ndarray) -> np.ndarray:
    from scipy.signal import fftconvolve

    length = rng.uniform(0.2, 1.2)
    t = np.arange(round(length * RATE)) / RATE
    tail = rng.standard_normal(len(t)) * np.exp(-6.9 * t / length)
    tail *= rng.uniform(0.1, 0.5) / np.sqrt((tail**2).sum())
    wet = dry + fftconvolve(dry, tail)[: len(dry)]
    noise = rng.standard_normal(len(wet))
    noise = np.fft.irfft(np.fft.rfft(noise) / np.sqrt(np.maximum(1, np.arange(len(wet) // 2 + 1))), len(wet))
    level = np.sqrt((wet**2).mean() / (noise**2).mean()) * 10 ** (-rng.uniform(20, 50) / 20)
    wet = wet + level * noise
    return (0.5 * wet / np.abs(wet).max()).astype(np.float32)
