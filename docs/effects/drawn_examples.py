"""One example of every effect, strong enough to be heard and seen: what was drawn, and what to listen for."""

from __future__ import annotations

import dataclasses
from typing import Any

from sori import effects as fx

__all__ = ["EXAMPLES", "Example"]


@dataclasses.dataclass(frozen=True)
class Example:
    """An effect, what it drew, what to listen or look for, and when to use it."""

    effect: fx.Effect
    parameters: dict[str, Any]
    listen: str
    use: str

    @property
    def name(self) -> str:
        """The name of the effect."""
        return type(self.effect).__name__


EXAMPLES = (
    Example(
        fx.Gain(),
        {"gain_db": -12.0},
        "The same, softer; nothing else.",
        "Almost always, and last: loudness says how a recording was made, seldom what it is.",
    ),
    Example(
        fx.Polarity(),
        {},
        "Nothing: the ear does not know which way is up.",
        "Free variety for networks that take samples.",
    ),
    Example(
        fx.Fade(),
        {"in_s": 1.0, "out_s": 1.0, "shape": "cosine"},
        "It comes, and it goes.",
        "Excerpts that should not begin with a cut; broadcasts.",
    ),
    Example(
        fx.Compression(),
        {"threshold_db": -35.0, "ratio": 8.0, "makeup_db": 12.0, "attack_s": 0.001, "release_s": 0.05},
        "The strings come up between the drums, which have lost their edge.",
        "Radio and mastering do it to everything; features of dynamics should know.",
    ),
    Example(
        fx.Tremolo(),
        {"rate_hz": 6.0, "depth": 0.8, "phase": 0.0},
        "Six times a second softer.",
        "Guitars and electric pianos; fans and bad links do much the same to any sound.",
    ),
    Example(
        fx.TimeShift(),
        {"shift_s": 0.5},
        "Half a second of silence first, and the end is missing.",
        "Classification of excerpts: what happens must not depend on when. Labels move along.",
    ),
    Example(
        fx.Delay(),
        {"delay_s": [0.3]},
        "It begins later.",
        "With `linked=False` each channel by its own few milliseconds: microphones at different places.",
    ),
    Example(
        fx.Echo(),
        {"delay_s": 0.3, "decay_db": 5.0, "repeats": 4},
        "Everything again, four times, softer each time.",
        "Calls across a valley, loudspeakers in a station.",
    ),
    Example(
        fx.TimeStretch(keep_length=False),
        {"rate": 0.75},
        "The same notes with more time for each; attacks are a little softer.",
        "Tempo and beat tracking: other tempos from the same songs, with beat times that move along.",
    ),
    Example(
        fx.Speed(keep_length=False),
        {"rate": 1.25},
        "Faster and higher, as a record at the wrong speed.",
        "The cheapest way to other voices and tempos; the standard one in speech recognition.",
    ),
    Example(
        fx.PitchShift(),
        {"semitones": 4.0},
        "A major third higher at the same pace.",
        "Chords and keys: twelve keys from every song (`whole=True`), the labels transposed along.",
    ),
    Example(
        fx.Vibrato(),
        {"rate_hz": 5.0, "extent_cents": 50.0, "phase": 0.0},
        "Every pitch wavers by a quarter tone, five times a second.",
        "Pitch tracking; turntables and tapes that do not run evenly.",
    ),
    Example(
        fx.LowPass(),
        {"cutoff_hz": 800.0},
        "From the next room.",
        "Walls, distance, cheap microphones.",
    ),
    Example(
        fx.HighPass(),
        {"cutoff_hz": 800.0},
        "From a loudspeaker as large as a coin.",
        "Small loudspeakers; low cuts against rumble.",
    ),
    Example(
        fx.BandPass(),
        {"centre_hz": 1200.0, "octaves": 1.5},
        "From an old radio.",
        "Radios, megaphones, intercoms.",
    ),
    Example(
        fx.BandStop(),
        {"centre_hz": 1000.0, "octaves": 1.5},
        "The middle is gone: it sounds far and hollow.",
        "Holes that rooms and microphones leave, in other places every time.",
    ),
    Example(
        fx.LowShelf(),
        {"cutoff_hz": 250.0, "gain_db": 12.0},
        "More bass.",
        "Other loudspeakers, other rooms, other tastes.",
    ),
    Example(
        fx.HighShelf(),
        {"cutoff_hz": 2500.0, "gain_db": 12.0},
        "More treble: the cymbals come forward.",
        "Other microphones, other masterings.",
    ),
    Example(
        fx.PeakEqualiser(),
        {"centre_hz": 1500.0, "gain_db": 15.0, "q": 3.0},
        "A band in the middle rings out.",
        "Resonances; the colour of a microphone.",
    ),
    Example(
        fx.Chorus(),
        {"rate_hz": 0.8, "depth_s": 0.004, "delay_s": 0.02, "mix": 0.5, "phase": 0.0},
        "Several players that are not quite together.",
        "Guitars, synthesisers, choirs out of one voice.",
    ),
    Example(
        fx.Flanger(),
        {"rate_hz": 0.4, "depth_s": 0.004, "delay_s": 0.001, "feedback": 0.7, "mix": 0.5, "phase": 0.0},
        "A comb of notches sweeps through, as from a passing jet.",
        "Guitars and drums; a moving microphone near a wall.",
    ),
    Example(
        fx.Phaser(),
        {
            "rate_hz": 0.5,
            "low_hz": 300.0,
            "high_hz": 3000.0,
            "feedback": 0.6,
            "mix": 0.5,
            "phase": 0.0,
        },
        "Two notches sweep, softer and rounder than a flanger's many.",
        "Electric pianos and guitars.",
    ),
    Example(
        fx.Reverb(),
        {
            "decay_s": 1.5,
            "wet_db": -3.0,
            "damping": 0.5,
            "predelay_s": 0.02,
            "seed": 7,
            "tail_s": 1.5,
        },
        "In a church: what was struck stays for a while.",
        "Anything that will be heard in rooms; needs no recordings.",
    ),
    Example(
        fx.ImpulseResponse(paths=("places",)),
        {"path": "places/tube.wav", "mix": 0.8},
        "Through a long tube (the response was made for this page).",
        "Rooms, loudspeakers and microphones that somebody measured.",
    ),
    Example(
        fx.Room(),
        {
            "size_m": [8.0, 5.0, 3.0],
            "source_m": [1.0, 1.0, 1.2],
            "microphone_m": [6.5, 3.5, 1.6],
            "decay_s": 0.6,
        },
        "At the other end of a bare room of eight metres.",
        "Distant speech: geometry that is known, and a decay that fits it.",
    ),
    Example(
        fx.Noise(colours=("pink",)),
        {"snr_db": 6.0, "colour": "pink", "seed": 3},
        "Rain.",
        "Hiss, rumble, wind; robustness to anything steady.",
    ),
    Example(
        fx.Background(paths=("noises",)),
        {"path": "noises/machine.wav", "start": 0.0, "snr_db": 3.0},
        "A machine hums beside the band (it was made for this page).",
        "Streets, crowds, babble, music under speech: whatever recordings there are.",
    ),
    Example(
        fx.Overdrive(),
        {"drive_db": 30.0},
        "A valve amplifier that is asked for too much.",
        "Guitars; tapes and inputs that saturate softly.",
    ),
    Example(
        fx.Clipping(),
        {"below_peak_db": 20.0},
        "An input that was turned up too far: drums crackle.",
        "Telephones held too close, concerts recorded on them.",
    ),
    Example(
        fx.BitCrush(max_hold=4),
        {"bits": 5, "hold": 3},
        "A toy with a loudspeaker.",
        "Early samplers and games; very bad converters.",
    ),
    Example(
        fx.Codec(),
        {"codec": "mp3", "bit_rate_bps": 32000},
        "The cymbals swirl, and nothing is left above 7 kHz.",
        "Most music has been through one: what is trained on CDs must work on streams.",
    ),
    Example(
        fx.Telephone(),
        {"law": "mu"},
        "A band that calls from a telephone box.",
        "Call centres, radio interviews.",
    ),
    Example(
        fx.SpecAugment.policy("LD", frames=20, warp=15),
        {
            "centre": 40,
            "shift": 12,
            "frames": 108,
            "row_masks": [[10, 9], [50, 14]],
            "frame_masks": [[20, 10], [70, 15]],
        },
        "Two bands and two stretches are hidden, and the middle has moved.",
        "Speech recognition and tagging, on log-mel spectrograms; free beside the network.",
    ),
    Example(
        fx.FrequencyMask(many=2),
        {"rows": [[10, 12], [45, 15]]},
        "Two bands are hidden.",
        "As part of SpecAugment, or alone where time must stay whole.",
    ),
    Example(
        fx.TimeMask(many=2),
        {"frames": [[20, 12], [70, 18]]},
        "Two stretches are hidden.",
        "As part of SpecAugment; networks learn to fill gaps.",
    ),
    Example(
        fx.TimeWarp(),
        {"centre": 40, "shift": 25, "frames": 108},
        "What was before the middle takes longer, what follows hurries.",
        "As part of SpecAugment; labels with times move along.",
    ),
)
