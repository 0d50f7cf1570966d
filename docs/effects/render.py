"""Write the pages of the effects, their pictures and their sounds: ``python docs/effects/render.py``.

Everything is made from a few seconds of a small band, synthesised here (``docs/gallery/sounds.py``).
"""

from __future__ import annotations

import inspect
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "gallery")]

from drawn_examples import EXAMPLES, Example  # noqa: E402

from sori.arrays import to_numpy  # noqa: E402
from sori.effects import SpectrogramEffect  # noqa: E402
from sori.effects.recordings import recording  # noqa: E402

SECONDS = 2.5
LARGEST, COLORS = (560, 220), 32


def file_name(name: str) -> str:
    """Return the name of an effect as its files have it: ``PitchShift`` is ``pitch_shift``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def page(example: Example) -> str:
    """Return the page of an effect in Markdown, from its docstring and its example."""
    name = file_name(example.name)
    doc = inspect.getdoc(type(example.effect)) or ""
    text, _, fields = doc.partition("Parameters\n----------\n")
    fields, _, source = fields.partition("\nSource: ")
    rows = re.findall(r"^(\S.*?) : (.*?)\n((?:    .*\n?)+)", fields, re.MULTILINE)
    listed = [f"| `{names}` | {kind} | {' '.join(said.split())} |" for names, kind, said in rows]
    sound = f"[before](sounds/before.ogg), [after](sounds/{name}.ogg). "
    heard = "" if isinstance(example.effect, SpectrogramEffect) else sound
    return "\n".join(
        [
            f"# {example.name}",
            "",
            " ".join(text.split()).replace("``", "`"),
            "",
            f"![before and after](pictures/{name}.png)",
            "",
            f"{heard}{example.listen}",
            "",
            f"**For**: {example.use}",
            "",
            "```python",
            f"effect = {shown(example)}",
            laid_out("parameters", example.parameters) + "  # one draw of it, that of the picture",
            "```",
            "",
            "| field | type | |",
            "|---|---|---|",
            *(row.replace("``", "`") for row in listed),
            "",
            *([f"Source: {' '.join(source.split())}", ""] if source else []),
            "[All effects](README.md)",
            "",
        ]
    )


def laid_out(name: str, values: dict[str, Any]) -> str:
    """Return a dictionary as Python's formatters write it."""
    pairs = [f"{key!r}: {value!r}".replace("'", '"') for key, value in values.items()]
    line = f"{name} = {{{', '.join(pairs)}}}"
    if len(line) + len("  # one draw of it, that of the picture") <= 110:
        return line
    return "\n".join([f"{name} = {{", *(f"    {pair}," for pair in pairs), "}"])


def shown(example: Example) -> str:
    """Return how the effect of an example is written, with what differs from its defaults."""
    effect = example.effect
    defaults = inspect.signature(type(effect)).parameters
    given = {name: getattr(effect, name) for name in defaults}
    changed = [f"{name}={value!r}" for name, value in given.items() if value != defaults[name].default]
    changed = [one.replace("'", '"') for one in changed]
    return f"{example.name}({', '.join(changed)})"


def before() -> tuple[np.ndarray, int]:
    """Return the band, ``(1, time)``."""
    from sounds import RATE, band

    samples = band("CA")[None, : round(SECONDS * RATE)]
    return (0.5 * samples / np.abs(samples).max()).astype(np.float32), RATE


def recordings(folder: Path, rate: int) -> None:
    """Write the recordings that two of the examples name."""
    from sori.audio import save

    rng = np.random.default_rng(5)
    t = np.arange(rate) / rate
    tube = np.zeros(rate // 2)
    tube[:: round(0.011 * rate)] = (-0.75) ** np.arange(len(tube[:: round(0.011 * rate)]))
    machine = sum(np.sin(2 * np.pi * hz * t) for hz in (99.0, 101.0, 198.0, 305.0, 611.0))
    machine = machine * (1 + 0.5 * np.sign(np.sin(2 * np.pi * 7 * t))) + 0.3 * rng.standard_normal(rate)
    for name, sound in (("places/tube.wav", tube), ("noises/machine.wav", 0.1 * machine)):
        (folder / name).parent.mkdir(exist_ok=True)
        save(folder / name, sound.astype(np.float32), sample_rate=rate)


def heard(example: Example, samples: np.ndarray, rate: int, folder: Path) -> np.ndarray:
    """Return what an effect makes of the band."""
    drawn = dict(example.parameters)
    if "path" in drawn:
        drawn["path"] = str(folder / drawn["path"])
    return to_numpy(example.effect.apply(samples, drawn, sample_rate=rate))


def picture(target: Path, sounds: list[np.ndarray], rate: int, *, are_spectrograms: bool) -> None:
    """Draw two sounds, or two spectrograms, side by side, and write them small."""
    from matplotlib import pyplot
    from PIL import Image

    from sori.display.spectrogram import spectrogram
    from sori.spectral.stft import stft

    longest = max(sound.shape[-1] for sound in sounds) * (512 if are_spectrograms else 1) / rate
    figure, panels = pyplot.subplots(1, 2, figsize=(9, 3.4), layout="constrained", sharey=True, sharex=True)
    for ax, title, sound in zip(panels, ("before", "after"), sounds, strict=True):
        drawn: dict[str, Any] = {"sample_rate": rate, "color_bar": title == "after", "ax": ax}
        if are_spectrograms:
            spectrogram(sound, values="db", axis="mel", hop_length=512, **drawn)
        else:
            S = 20 * np.log10(np.abs(stft(sound[0], n_fft=1024, hop_length=256)) + 1e-9)
            spectrogram(S, values="db", axis="log", limits=(-45.0, 30.0), hop_length=256, **drawn)
        ax.set_title(title)
        ax.set_facecolor("black")
        ax.set_xlim(0, longest)
        ax.label_outer()
    large = target.with_suffix(".large.png")
    figure.savefig(large, dpi=100)
    pyplot.close(figure)
    with Image.open(large) as whole:
        small = whole.convert("RGB")
        small.thumbnail((LARGEST[0], 1000), Image.Resampling.LANCZOS)
        small = small.quantize(COLORS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        small.save(target, optimize=True)
    large.unlink()


def write(example: Example, samples: np.ndarray, rate: int, folder: Path) -> None:
    """Write the picture and the sound of an effect."""
    from sori.audio import save
    from sori.spectral.log_mel import log_mel_spectrogram

    name = file_name(example.name)
    target = HERE / "pictures" / f"{name}.png"
    if isinstance(example.effect, SpectrogramEffect):
        mel = log_mel_spectrogram(samples[0], sample_rate=rate, n_mels=80, hop_length=512)
        picture(target, [mel, heard(example, mel, rate, folder)], rate, are_spectrograms=True)
        return
    after = heard(example, samples, rate, folder)
    picture(target, [samples, after], rate, are_spectrograms=False)
    highest = max(1.0, float(np.abs(after).max()) / 0.95)
    save(HERE / "sounds" / f"{name}.ogg", after / highest, sample_rate=rate)


def main() -> None:
    """Write everything, or what is named on the command line."""
    import matplotlib

    from sori.audio import save

    matplotlib.use("Agg")
    samples, rate = before()
    for folder in ("pictures", "sounds"):
        (HERE / folder).mkdir(exist_ok=True)
    save(HERE / "sounds" / "before.ogg", samples, sample_rate=rate)
    with tempfile.TemporaryDirectory() as folder:
        recordings(Path(folder), rate)
        for example in EXAMPLES:
            name = file_name(example.name)
            (HERE / f"{name}.md").write_text(page(example), encoding="utf-8")
            if not sys.argv[1:] or name in sys.argv[1:]:
                write(example, samples, rate, Path(folder))
        recording.cache_clear()


if __name__ == "__main__":
    main()
