"""``python -m bench.picture``: draw ``docs/similar.svg``, the README's picture, from real commands."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from bench.collection import ROOT

WIDTH = 112
COMMANDS = (
    ("similar", "Door Number Four", "-n", "4"),
    ("similar", "Copper Wire", "-n", "3", "--weights", "harmony=2,melody=2"),
    ("playlist", "Snow on the Antenna", "--length", "5"),
)


def shown(arguments: tuple[str, ...], library: str) -> tuple[str, str]:
    """Run a command; return it as typed, and what it printed."""
    run = [sys.executable, "-m", "sori", *arguments, "--library", library]
    answer = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    typed = " ".join(f'"{a}"' if " " in a else a for a in ("sori", *arguments))
    return typed, answer.rstrip()


def main() -> None:
    """Make the demo library and draw."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "sori", "demo"], cwd=folder, check=True, capture_output=True)
        library = str(Path(folder) / "demo" / "library.db")
        for arguments in COMMANDS:
            typed, answer = shown(arguments, library)
            console.print(Text(f"$ {typed}", style="bold green"))
            for line in answer.splitlines():
                reasons = line.startswith("    ")
                text = f"  \N{DOWNWARDS ARROW WITH TIP RIGHTWARDS} {line.strip()}" if reasons else line
                console.print(
                    Text(text.replace(" ", "\N{NO-BREAK SPACE}"), style="grey70" if reasons else "")
                )
            console.print()
    svg = console.export_svg(title="sori", theme=MONOKAI)
    # Without the font files that the template would fetch: any monospaced font does.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "ui-monospace, Menlo, Consolas, DejaVu Sans Mono")
    (ROOT / "docs" / "similar.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
