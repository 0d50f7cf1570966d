"""Letters that the usual font has not: Korean and other titles in pictures."""

from __future__ import annotations

import functools
from typing import Any

__all__ = ["lettering"]

_NO_LETTERS = "Last Resort"  # comes with matplotlib; its letters are placeholders
_INSTEAD = "\u25a1"  # a white square


def lettering(text: str) -> tuple[str, dict[str, Any]]:
    """Return a text as it can be drawn, and options for matplotlib's text functions.

    Where the font in use lacks letters, the installed one that has most of them is added; letters that no
    font has become squares, and dollar signs begin no mathematics.
    """
    from matplotlib import font_manager, rcParams

    usual = list(rcParams["font.family"])
    own = font_manager.get_font(font_manager.findfont(font_manager.FontProperties(family=usual)))
    missing = frozenset(letter for letter in text if not own.get_char_index(ord(letter)))
    family, has = _fallback(missing) if missing else (None, frozenset())
    shown = "".join(_INSTEAD if letter in missing - has else letter for letter in text)
    return shown, {"family": [*usual, family] if family else usual, "parse_math": False}


@functools.lru_cache(maxsize=256)
def _fallback(letters: frozenset[str]) -> tuple[str | None, frozenset[str]]:
    """Return the installed family that has most of some letters, and which."""
    from matplotlib import font_manager

    best: tuple[str | None, frozenset[str]] = (None, frozenset())
    installed = [one for one in font_manager.fontManager.ttflist if not one.name.startswith(_NO_LETTERS)]
    for entry in sorted(installed, key=lambda one: (one.weight != 400, one.name)):
        try:
            font = font_manager.get_font(entry.fname)
        except (OSError, RuntimeError):  # a font that was removed, or is damaged
            continue
        has = frozenset(letter for letter in letters if font.get_char_index(ord(letter)))
        if len(has) > len(best[1]):
            best = entry.name, has
        if len(has) == len(letters):
            break
    return best
