"""The facets a recording is compared by, each a named and versioned vector.

Entries are raw, in the units their names say; whoever compares vectors normalises them. A vector
of another version is another thing and is never compared with this one.
"""

from __future__ import annotations

import dataclasses

from sori.features import dynamics, harmony, melody, rhythm, timbre

__all__ = ["FACETS", "Facet"]


@dataclasses.dataclass(frozen=True)
class Facet:
    """One way in which recordings are alike or not.

    ``entries`` names every number of the vector, in order.
    """

    name: str
    version: int
    entries: tuple[str, ...]


FACETS = {
    facet.name: facet
    for facet in (
        Facet("timbre", 1, timbre.ENTRIES),
        Facet("rhythm", 2, rhythm.ENTRIES),
        Facet("harmony", 3, harmony.ENTRIES),
        Facet("melody", 3, melody.ENTRIES),
        Facet("dynamics", 1, dynamics.ENTRIES),
    )
}
