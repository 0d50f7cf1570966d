"""How well pitch, notes and tunes are heard: ``python -m bench.accuracy.pitch`` writes ``docs/accuracy.md``.

Synthesised clips are in two halves by a hash of their names; only the half that chose nothing is reported.
Other programs run in the peers' environment, on the same samples, and their answers are kept.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import re
import subprocess
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import mir_eval
import numpy as np

from bench.accuracy import page, pitch_lines, pitch_sounds
from bench.accuracy.evaluate import held_out
from bench.collection import CACHE, ROOT, made_whole, test_data
from bench.report import table
from sori.analysis.melody import melody, notes, pitch
from sori.audio import load
from sori.units import midi_to_hz

PEERS = ROOT / "bench" / ".venvs" / "peers" / "bin" / "python"
FOLDER = CACHE / "accuracy" / "pitch"
SAMPLE_RATE = pitch_sounds.SAMPLE_RATE
SEEDS = range(12)
TURNS = 6  # files heard in turns for the ratio of speed
WIDE = {"fmin": 25.0, "fmax": 4600.0}
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
COLUMNS = (
    "Raw Pitch Accuracy",
    "Raw Chroma Accuracy",
    "Voicing Recall",
    "Voicing False Alarm",
    "Overall Accuracy",
)
HEADS = ("pitch", "pitch class", "voicing recall", "false alarm", "overall")

Answer = Mapping[str, Any]


def clips() -> Iterator[tuple[str, str, pitch_sounds.Clip, np.ndarray]]:
    """Yield kind, condition, clip and samples of the held-out half."""
    for kind in pitch_sounds.KINDS:
        for seed in SEEDS:
            if not held_out(f"{kind}-{seed}"):
                continue
            clip = pitch_sounds.clip(kind, seed)
            for condition in pitch_sounds.CONDITIONS:
                yield kind, condition, clip, pitch_sounds.in_condition(clip, condition, seed)


class Peer:
    """Another program, started once and asked file by file; what it said of the same samples is kept."""

    def __init__(self, program: str) -> None:
        self.program = program
        self._process: subprocess.Popen[str] | None = None

    def ask(self, samples: np.ndarray, *, anew: bool = False) -> Answer:
        """Return its answer."""
        name = hashlib.sha256(np.ascontiguousarray(samples, np.float32).tobytes()).hexdigest()[:16]
        sound, kept = FOLDER / f"{name}.npy", FOLDER / f"{name}-{self.program}.json"
        if kept.exists() and not anew:
            return dict(json.loads(kept.read_text(encoding="utf-8")))
        FOLDER.mkdir(parents=True, exist_ok=True)
        if self._process is None:
            command = [str(PEERS), str(Path(__file__).parent / "pitch_peers.py"), self.program]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        np.save(sound, np.asarray(samples, np.float32))
        self._process.stdin.write(f"{sound}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        sound.unlink()
        if not line:
            raise SystemExit(f"{self.program} stopped; run it alone to see why")
        with made_whole(kept) as part:
            part.write_text(line, encoding="utf-8")
        return dict(json.loads(line))


def score(times: np.ndarray, hz: np.ndarray, answer: Answer) -> list[float]:
    """Return mir_eval's five figures of a melody."""
    signed = np.array(answer["hz"]) * np.where(answer["voiced"], 1.0, -1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = mir_eval.melody.evaluate(times, hz, np.array(answer["times_s"]), signed)
    return [float(found[name]) for name in COLUMNS]


def ours(samples: np.ndarray) -> Answer:
    """Return our answer at our defaults."""
    return dataclasses.asdict(pitch(samples, sample_rate=SAMPLE_RATE))


def voices_table(peer: Peer) -> tuple[str, str]:
    """Return the table of synthesised voices and instruments, and the line about speed."""
    scores: dict[tuple[str, str, str], list[list[float]]] = {}
    heard: list[np.ndarray] = []
    for kind, condition, clip, samples in clips():
        times = np.arange(int(len(clip.hz) / SAMPLE_RATE * 100)) / 100
        truth = clip.hz[np.round(times * SAMPLE_RATE).astype(int)]
        for name, answer in (("Sori", ours(samples)), ("pYIN", peer.ask(samples))):
            scores.setdefault((kind, condition, name), []).append(score(times, truth, answer))
        if len(heard) < TURNS and condition == "10 dB":
            heard.append(samples)
    rows = []
    for condition in pitch_sounds.CONDITIONS:
        for kind in (*pitch_sounds.KINDS, "all"):
            both = []
            for name in ("Sori", "pYIN"):
                kinds = pitch_sounds.KINDS if kind == "all" else (kind,)
                mean = np.mean([np.mean(scores[k, condition, name], axis=0) for k in kinds], axis=0)
                both.append(mean)
            shown = [f"{a:.3f} / {b:.3f}" for a, b in zip(*both, strict=True)]
            if condition == "room":  # what of a room's echo is voiced is nobody's to say
                shown[2:] = ["-"] * 3
            rows.append([f"{condition}, {kind}", *shown])
    mine = theirs = 0.0
    for samples in heard:
        theirs += peer.ask(samples, anew=True)["cpu_s"]
        start = time.process_time()
        ours(samples)
        mine += time.process_time() - start
    length = sum(len(samples) for samples in heard) / SAMPLE_RATE
    speed = (
        f"Speed, in processor time on one core, in turns on the same {len(heard)} clips: Sori "
        f"{length / mine:.0f} x real time at 100 values a second, pYIN {length / theirs:.1f} x at its 43: "
        f"**{theirs / mine:.0f} times** as fast."
    )
    return table(["Sori / pYIN", *HEADS], rows), speed


def lines_tables(peer: Peer, count: int) -> tuple[str, str]:
    """Return the tables of pitch and of notes on melody tracks played by a synthesiser."""
    rows, transcribed = [], []
    for line in pitch_lines.lines(count):
        times = np.arange(int(len(line.samples) / SAMPLE_RATE * 100)) / 100
        hz = np.zeros(len(times))
        for onset, offset, midi in line.notes:
            hz[(times >= onset) & (times < offset)] = midi_to_hz(midi)
        found = pitch(line.samples, sample_rate=SAMPLE_RATE)
        mine = score(times, hz, dataclasses.asdict(found))
        rows.append([mine[:2], score(times, hz, peer.ask(line.samples))[:2]])
        written = notes(found, line.samples, sample_rate=SAMPLE_RATE)
        transcribed.append(note_scores(line.notes, written))
    mean = np.mean(rows, axis=0)
    shown = [f"{mean[0][k]:.3f} / {mean[1][k]:.3f}" for k in range(2)]
    pitches = table(["Sori / pYIN", "pitch", "pitch class"], [[f"{len(rows)} melody tracks", *shown]])
    parts: dict[str, list[list[float]]] = {"melody tracks, played": transcribed}
    for kind, condition, clip, samples in clips():
        if clip.notes and condition in ("clean", "10 dB"):
            written = notes(pitch(samples, sample_rate=SAMPLE_RATE), samples, sample_rate=SAMPLE_RATE)
            parts.setdefault(f"{kind}, {condition}", []).append(note_scores(clip.notes, written))
    body = [[name, *(f"{v:.3f}" for v in np.mean(each, axis=0))] for name, each in parts.items()]
    return pitches, table(["notes, F-measure", "onset", "onset and pitch", "onset, pitch and offset"], body)


def note_scores(truth: Sequence[tuple[float, float, float]], found: Any) -> list[float]:
    """Return the F-measures of onsets (50 ms), with pitch (50 cents), with offsets (mir_eval's defaults)."""
    reference = np.array([(a, b) for a, b, _ in truth])
    estimate = np.array([(n.onset_s, n.offset_s) for n in found.notes]).reshape(-1, 2)
    if not len(estimate):
        return [0.0, 0.0, 0.0]
    hz = np.asarray(midi_to_hz(np.array([midi for *_, midi in truth])))
    guess = np.asarray(midi_to_hz(np.array([n.pitch_midi for n in found.notes])))
    score_notes = mir_eval.transcription.precision_recall_f1_overlap
    return [
        float(mir_eval.transcription.onset_precision_recall_f1(reference, estimate)[2]),
        float(score_notes(reference, hz, estimate, guess, offset_ratio=None)[2]),
        float(score_notes(reference, hz, estimate, guess)[2]),
    ]


def named_notes() -> tuple[str, str]:
    """Return the table of recorded notes whose name says their pitch, and what is off."""
    folder = test_data() / "pitch"
    single = ["flute-A4", "oboe-A4", "soprano-E4", "trumpet-A4", "vibraphone-C6", "violin-B3", "organ-C3"]
    groups = {
        "piano": sorted((folder / "piano").glob("*.mp3")),
        "other instruments": [folder / "freesound" / f"{name}.wav" for name in single],
    }
    rows, off = [], []
    for name, paths in groups.items():
        errors, agreement = [], []
        for path in paths:
            stereo, rate = load(path)
            mono = stereo.mean(axis=0)
            midi = midi_of(path.stem.rpartition("-")[2])
            found = pitch(mono, sample_rate=rate, **(WIDE if name == "piano" else {}))
            heard = np.array(found.hz)[np.array(found.voiced)]
            error = float(np.median(1200 * np.log2(heard / midi_to_hz(midi)))) if len(heard) else np.nan
            sounding = float(
                1200 * np.log2(partial_near(mono, rate, float(np.median(heard))) / midi_to_hz(midi))
            )
            errors.append(abs(error))
            agreement.append(abs(error - sounding))
            if not abs(error) <= 20:
                off.append(f"{path.stem} {error:+.0f} (spectrum {sounding:+.0f})")
        within = int(np.sum(np.array(errors) <= 20))
        rows.append(
            [name, f"{within} of {len(paths)}", f"{np.median(errors):.1f}", f"{np.median(agreement):.1f}"]
        )
    head = [
        "recorded notes",
        "within 20 cents of the name",
        "median, cents",
        "from the spectrum's peak, median",
    ]
    return table(head, rows), "; ".join(off)


def midi_of(name: str) -> int:
    """Return the MIDI number of a name such as Bb3."""
    letter, flat, octave = re.fullmatch(r"([A-G])(b?)(\d)", name).groups()  # type: ignore[union-attr]
    return 12 * (int(octave) + 1) + STEPS[letter] - bool(flat)


def partial_near(mono: np.ndarray, sample_rate: int, hz: float) -> float:
    """Return the frequency of the highest peak within a semitone, of one long spectrum, by another way."""
    start = int(np.argmax(np.abs(mono)))
    part = mono[start : start + sample_rate]
    n = 1 << 19
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), n))
    low, high = (round(hz * 2 ** (k / 12) * n / sample_rate) for k in (-1, 1))
    return float((low + spectrum[low:high].argmax()) * sample_rate / n)


def songs_table(peer: Peer, count: int) -> str:
    """Return the table of tunes among other voices."""
    scores: dict[str, list[list[float]]] = {}
    for _, samples, times, hz in pitch_lines.whole_songs(count):
        mine = dataclasses.asdict(melody(samples, sample_rate=SAMPLE_RATE))
        scores.setdefault("Sori", []).append(score(times, hz, mine))
        scores.setdefault("Essentia, PredominantPitchMelodia", []).append(score(times, hz, peer.ask(samples)))
    rows = [[name, *(f"{v:.3f}" for v in np.mean(each, axis=0))] for name, each in scores.items()]
    return table([f"the tune in {len(scores['Sori'])} songs", *HEADS], rows)


ABOUT = """Voices, bowed, blown and plucked sounds made from numbers ({seeds} of each kind, of which the half
that chose nothing is reported): formants, vibrato, glides, jitter, shimmer, breath, consonants, weak and
missing partials; clean, in white or pink noise, in rooms. "Pitch" is the share of voiced moments within 50
cents (raw pitch accuracy), "overall" counts voicing too (mir_eval's definitions). pYIN is librosa's at its
defaults, C2 to C7. Our weights were fitted to the same generator with other seeds, so on recordings the
lead over pYIN may be smaller."""


def main() -> None:
    """Hear everything and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy.pitch", description=__doc__)
    parser.add_argument("--lines", type=int, default=16, help="how many melody tracks (16)")
    parser.add_argument("--songs", type=int, default=10, help="how many whole songs (10)")
    parser.add_argument("--no-page", action="store_true", help="only print")
    arguments = parser.parse_args()
    pyin = Peer("pyin")
    recorded, off = named_notes()
    print(recorded, off, flush=True)
    tunes = songs_table(Peer("melodia"), arguments.songs)
    print(tunes, flush=True)
    played, written = lines_tables(pyin, arguments.lines)
    print(played, written, sep="\n\n", flush=True)
    voices, speed = voices_table(pyin)
    print(voices, speed, sep="\n\n", flush=True)
    body = [ABOUT.format(seeds=len(SEEDS)), voices, speed]
    body += ["Melody tracks of held-out POP909 songs, alone, by sound fonts that fitted nothing:", played]
    body += [recorded, f"More than 20 cents off their names: {off or 'none'}."]
    body += [written, tunes]
    if not arguments.no_page:
        page.write_between("pitch", "\n\n".join(body))


if __name__ == "__main__":
    main()
