"""Names of files for a browser to save: whatever a tag says, they cannot say anything else to it."""

from __future__ import annotations

import re
from urllib.parse import quote

__all__ = ["attachment", "plain_name"]

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()-]")
_NOT_IN_NAMES = '/\\:*?"<>|'
_LONGEST, _LONGEST_ENDING = 100, 12
_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", *(f"{name}{n}" for name in ("COM", "LPT") for n in range(10))]
)


def attachment(name: str) -> str:
    """Return the value of ``Content-Disposition`` for a file of this name (RFC 6266).

    >>> print(attachment("Für Elise.mid"))
    attachment; filename="F_r Elise.mid"; filename*=UTF-8''F%C3%BCr%20Elise.mid
    """
    whole = plain_name(name)
    return f"attachment; filename=\"{_NOT_PLAIN.sub('_', whole)}\"; filename*=UTF-8''{quote(whole, safe='')}"


def plain_name(name: str) -> str:
    """Return a name that is a name and nothing else on every system: no folder, no device, nothing unseen.

    >>> plain_name("../../etc/passwd")
    '_._etc_passwd'
    """
    stem, dot, ending = name.rpartition(".")
    if len(ending) > _LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    clean = "".join(c if c.isprintable() and c not in _NOT_IN_NAMES else "_" for c in stem or ending)
    clean = clean.encode("utf-8", "replace").decode().strip(" .")[:_LONGEST] or "sori"
    if clean.partition(".")[0].upper() in _DEVICES:
        clean = f"_{clean}"
    return f"{clean}.{_NOT_PLAIN.sub('_', ending)}" if dot and stem else clean
