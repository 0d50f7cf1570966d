"""The environments of the programs that Sori is measured beside: apart, because they need other versions."""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from pathlib import Path

from bench.collection import ROOT


def peers_python(name: str = "peers") -> str:
    """Return the Python of an environment of other programs, making it the first time."""
    home = ROOT / "bench" / ".venvs" / name
    python, ready = home / "bin" / "python", home / ".ready"
    requirements = ROOT / "bench" / f"requirements-{name}.txt"
    if not ready.exists() or ready.read_text(encoding="utf-8") != requirements.read_text(encoding="utf-8"):
        print(f"  installing other programs into bench/.venvs/{name}, once", flush=True)
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "-qq", "install", "-r", str(requirements)], check=True)
        # torchaudio's compiled part wants CUDA's libraries and stops the import without them; its transforms
        # are Python over torch and run without it.
        for compiled in home.glob("lib/python*/site-packages/torchaudio/lib/*.so"):
            compiled.unlink()
        ready.write_text(requirements.read_text(encoding="utf-8"), encoding="utf-8")
    return str(python)


def trackers_python() -> str:
    """Return the Python of the beat trackers' environment, making it the first time: an older Python."""
    home = ROOT / "bench" / ".venvs" / "trackers"
    python, ready = home / "bin" / "python", home / ".ready"
    requirements = ROOT / "bench" / "requirements-trackers.txt"
    if not ready.exists() or ready.read_text(encoding="utf-8") != requirements.read_text(encoding="utf-8"):
        print("  installing the beat trackers into bench/.venvs/trackers, once", flush=True)
        subprocess.run([older_python(), "-m", "venv", "--clear", str(home)], check=True)
        pip = [python, "-m", "pip", "-qq", "install"]
        pinned = requirements.read_text(encoding="utf-8").splitlines()
        # madmom and aubio want their builders there before they are built, and say so nowhere.
        builders = [line for line in pinned if line.startswith(("cython", "numpy", "scipy", "setuptools"))]
        subprocess.run([*pip, "wheel", *builders], check=True)
        subprocess.run([*pip, "--no-build-isolation", "-r", str(requirements)], check=True)
        ready.write_text(requirements.read_text(encoding="utf-8"), encoding="utf-8")
    return str(python)


def older_python() -> str:
    """Return a Python 3.10 or 3.9, from the path or of pyenv."""
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for minor in ("3.10", "3.9"):
        installed = sorted(versions.glob(f"{minor}.*/bin/python"))
        found = [str(python) for python in installed[-1:]] or [shutil.which(f"python{minor}")]
        if found[0]:
            return found[0]
    raise SystemExit("the beat trackers need Python 3.10 or 3.9; install one, or `pyenv install 3.10`")
