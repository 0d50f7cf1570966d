"""The root of the package gives what its docstring says."""

from __future__ import annotations

import subprocess
import sys


def test_the_names_of_the_root_are_there_after_a_plain_import() -> None:
    program = "import sori; sori.errors.SoriError; [getattr(sori, name) for name in sori.__all__]"
    subprocess.run([sys.executable, "-c", program], check=True)
