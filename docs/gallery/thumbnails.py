"""Draw every picture of the gallery and write it small: ``python docs/gallery/thumbnails.py``."""

from __future__ import annotations

import runpy
import sys
import tempfile
from pathlib import Path

import matplotlib
from PIL import Image

HERE = Path(__file__).parent
LARGEST, COLORS = (440, 340), 40


def scripts() -> list[Path]:
    """Return every script that makes a picture."""
    return sorted(set(HERE.glob("*.py")) - {HERE / "sounds.py", HERE / "thumbnails.py"})


if __name__ == "__main__":
    matplotlib.use("Agg")
    from matplotlib import pyplot

    with tempfile.TemporaryDirectory() as folder:
        for script in scripts():
            large = Path(folder) / "large.png"
            sys.argv = [script.name, str(large)]
            runpy.run_path(str(script))
            pyplot.close("all")
            with Image.open(large) as picture:
                small = picture.convert("RGB")
                small.thumbnail(LARGEST, Image.Resampling.LANCZOS)
                small = small.quantize(COLORS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
                small.save(HERE / "pictures" / f"{script.stem}.png", optimize=True)
