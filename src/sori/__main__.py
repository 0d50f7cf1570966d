"""``python -m sori`` is ``sori``."""

from __future__ import annotations

from sori.app.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
