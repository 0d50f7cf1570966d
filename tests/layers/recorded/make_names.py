"""Record what librosa and torchaudio have of the names in docs/names.md: run in an environment with both.

python make_names.py     (writes names and defaults to names.json beside it; stops at an unknown name)
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
# Where a name without its library in front is looked for.
HOMES = {
    "librosa": ("librosa", ""),
    "torchaudio": ("torchaudio.transforms", "torchaudio.functional", "torchaudio", ""),
}
PLAIN = (int, float, str, bool, type(None))


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading of the page, without its head."""
    lines = page.partition(f"## {heading}\n")[2].partition("\n## ")[0].splitlines()
    table = [line for line in lines if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in table]


def quoted(cell: str) -> list[str]:
    """Return the names in a cell without arguments; one that begins with a dot has the home of the last."""
    found: list[str] = []
    for name in re.findall(r"`([^`(]+)[^`]*`", cell):
        found.append(found[-1].rpartition(".")[0] + name if name.startswith(".") else name)
    return found


def names(page: str) -> dict[str, list[str]]:
    """Return the names of each library on the page."""
    table = rows(page, "Names")
    columns = {"librosa": 1, "torchaudio": 2}
    return {
        library: sorted({name for row in table for name in quoted(row[column])})
        for library, column in columns.items()
    }


def resolve(home: str, name: str) -> Any:
    """Return what a dotted name is, or None."""
    parts = [part for part in f"{home}.{name}".split(".") if part]
    for cut in range(len(parts) - 1, 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part, None)
        if found is not None:
            return found
    return None


def defaults(function: Any) -> dict[str, Any]:
    """Return the arguments that have a default of a plain kind."""
    try:
        parameters = inspect.signature(function).parameters
    except ValueError:  # built in
        return {}
    return {name: p.default for name, p in parameters.items() if isinstance(p.default, PLAIN)}


def main() -> None:
    found: dict[str, dict[str, Any]] = {}
    for library, wanted in names((ROOT / "docs" / "names.md").read_text(encoding="utf-8")).items():
        found[library] = {"version": importlib.import_module(library).__version__, "defaults": {}}
        for name in wanted:
            homes = (resolve(home, name) for home in HOMES[library])
            function = next((candidate for candidate in homes if callable(candidate)), None)
            if function is None:
                raise SystemExit(f"{library} has no {name}")
            found[library]["defaults"][name] = defaults(function)
    text = json.dumps(found, indent=1, sort_keys=True)
    (Path(__file__).parent / "names.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
