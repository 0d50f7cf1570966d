"""What a person may mean by a text that names a track."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, or_, select

from sori.library.schema import as_text, files, folded, tracks

__all__ = ["meanings"]


def meanings(text: str) -> Iterator[Any]:
    """Yield conditions on tracks, the surest meaning of the text first."""
    key = folded(text)
    holding = select(files.c.track_id)
    yield or_(tracks.c.id == as_text(text), tracks.c.identity == as_text(text))
    yield tracks.c.id.in_(holding.where(files.c.path == as_text(os.path.abspath(text))))
    yield tracks.c.id.in_(holding.where(files.c.path_folded == folded(as_text(os.path.abspath(text)))))
    if key.strip():
        yield tracks.c.title_folded == key
        searched = tracks.c.search_folded
        yield or_(
            searched.endswith(f"\n{key}", autoescape=True),
            and_(
                searched.contains(f"\n{key}.", autoescape=True),
                ~searched.like(f"%\n{_literally(key)}.%.%", escape="/"),
            ),
        )
        yield searched.contains(key, autoescape=True)
        yield and_(*(tracks.c.search_folded.contains(word, autoescape=True) for word in key.split()))


def _literally(text: str) -> str:
    """Return text for LIKE that stands for itself."""
    return re.sub("[/%_]", r"/\g<0>", text)
