"""The rules of the house, checked on the source: who may import whom, how long a file may be, what is public.

The order of names inside ``__all__`` and of imports is ruff's business (RUF022, I001); here is what ruff
cannot say.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"

# Imports go down only, and never sideways: what stands on one line may not import its neighbour.
LAYERS = (
    ("errors",),
    ("arrays", "system", "units"),
    ("theory", "weights"),
    ("events",),
    ("audio", "formats", "signal"),
    ("spectral",),
    ("effects", "features"),
    ("analysis", "display", "layers"),
    ("datasets", "library"),
    ("models",),
    ("app",),
)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}

MODULES = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(SOURCE.rglob("*.py"))
}
# The root re-exports lazily, and `python -m sori` starts the program: both stand above all rooms.
ABOVE_ALL = {"sori", "sori.__main__"}
# Typer registers commands by decorator; they are not for importing.
COMMANDS = re.compile(r"sori\.app\.cli")
PUBLIC = [name for name in MODULES if not any(part.startswith("_") for part in name.split("."))]

LINES_IN_A_FILE = {"src": 400, "bench": 400, "tests": 800}
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "core", "misc"}
# The start of an absolute path that is somebody's own; written so that it does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w.~/\-])/(?:home|root|Users|work|farm)/\w|[A-Z]:\\Users\\")
HEAVY = ("numpy", "scipy", "torch", "jax", "av", "soundfile", "soxr", "sqlalchemy", "rich")


def room_of(module: str) -> str:
    """Return the package or module right under ``sori``: ``sori.audio.decode`` is in ``audio``."""
    return module.split(".")[1]


def has_code(module: str) -> bool:
    """Say whether there is more in a module than its docstring."""
    return len(ast.parse(MODULES[module].read_text(encoding="utf-8")).body) > 1


def imports_of(module: str) -> list[tuple[str, int]]:
    """Return what a module imports of ours, wherever in its text, as (module, line)."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base]) if base else ".".join(parents)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                found.append((whole if whole in MODULES else base, node.lineno))
    return [(name, line) for name, line in found if name == "sori" or name.startswith("sori.")]


def test_every_room_has_a_layer() -> None:
    unknown = {room_of(name) for name in MODULES if name not in ABOVE_ALL} - set(LEVEL)
    assert not unknown, f"add {sorted(unknown)} to LAYERS, at the lowest place its imports allow"


def test_imports_go_down_only() -> None:
    wrong = []
    for module in MODULES.keys() - ABOVE_ALL:
        for target, line in imports_of(module):
            if target in ABOVE_ALL:
                wrong.append(f"{module}:{line} imports the root; import the room that has it")
            elif room_of(target) != room_of(module) and LEVEL[room_of(target)] >= LEVEL[room_of(module)]:
                wrong.append(f"{module}:{line} imports {target}, which is not below it")
    assert not wrong, "\n".join(sorted(wrong))


def test_no_import_cycles() -> None:
    """Deferred imports count too: a cycle hidden inside a function is still a cycle."""
    graph = {module: {target for target, _ in imports_of(module)} & MODULES.keys() for module in MODULES}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, "a cycle: " + " -> ".join([*trail[trail.index(module) :], module])
        if module not in done:
            for target in sorted(graph[module]):
                visit(target, (*trail, module))
            done.add(module)

    for module in sorted(MODULES):
        visit(module, ())


@pytest.mark.parametrize("folder", LINES_IN_A_FILE)
def test_files_are_short(folder: str) -> None:
    limit = LINES_IN_A_FILE[folder]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in written_by_hand(folder)}
    long = [f"{path.relative_to(ROOT)}: {count} lines" for path, count in lengths.items() if count > limit]
    assert not long, f"over {limit} lines a file is two concepts:\n" + "\n".join(long)


def test_every_module_is_named_after_its_concept() -> None:
    named = [
        path.relative_to(ROOT).with_suffix("")
        for folder in LINES_IN_A_FILE
        for path in written_by_hand(folder)
    ]
    vague = [str(path) for path in named if NAMES_THAT_SAY_NOTHING & {part.strip("_") for part in path.parts}]
    assert not vague, f"a concept is missing a name in {vague}"


@pytest.mark.parametrize("name", [name for name in PUBLIC if has_code(name)])
def test_all_says_what_is_public_and_is_true(name: str) -> None:
    module = importlib.import_module(name)
    assert hasattr(module, "__all__"), f"{name} does not say what is public"
    listed = set(module.__all__)
    assert len(listed) == len(module.__all__), "a name is listed twice"
    missing = [export for export in module.__all__ if not hasattr(module, export)]
    assert not missing, f"{name}.__all__ names what is not there: {missing}"
    if COMMANDS.match(name):
        return
    own = {
        export
        for export, value in vars(module).items()
        if (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == name
        and not export.startswith("_")
    }
    assert own <= listed, f"public by name but not in {name}.__all__: {sorted(own - listed)}"


@pytest.mark.parametrize("module", ["sori", "sori.app.cli"])
def test_importing_is_light(module: str) -> None:
    """``import sori`` and ``sori --help`` load nothing that is slow to load."""
    code = f"import {module}, sys; print(*sorted(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in shown.stdout.split()}
    assert not loaded & set(HEAVY)


def test_no_machine_is_named_in_the_tree() -> None:
    suffixes = {".py", ".md", ".toml", ".txt", ".csv", ".json", ".yml", ".yaml", ".cfg", ""}
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in tracked()
        if path.suffix in suffixes and path.is_file()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert not found, "paths of somebody's machine:\n" + "\n".join(found)


def test_the_changelog_knows_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[?(\d[\w.]*)\]?", changelog, re.MULTILINE)
    assert released, "CHANGELOG.md has no section of a version"
    assert released[0] == project["version"]


def hidden(path: Path) -> bool:
    """Say whether tools keep it: a dot starts its name or that of a folder around it, inside the project."""
    return any(part.startswith(".") for part in path.relative_to(ROOT).parts)


def written_by_hand(folder: str) -> list[Path]:
    """Return the Python files of a folder, without what tools have put there."""
    return [path for path in (ROOT / folder).rglob("*.py") if not hidden(path)]


def tracked() -> list[Path]:
    """Return the files git knows; without git (an unpacked archive) every file that is not hidden."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in ROOT.rglob("*") if not hidden(path)]
