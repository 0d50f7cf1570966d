"""The environment of the programs that Sori is measured beside: apart, because they need other versions."""

from __future__ import annotations

import subprocess
import venv

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
