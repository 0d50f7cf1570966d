"""Bringing a library up to date, in a way that can be stopped at any time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from sori.app.actions.ears import choose_models, library_ear
from sori.app.actions.place import new_library
from sori.errors import ParameterError
from sori.library.ear import Ear
from sori.library.scan import Counts, Limits, scan
from sori.system.stopping import processors, stop_on_signals

__all__ = ["index"]


def index(
    paths: Sequence[str],
    *,
    library: str | None = None,
    jobs: int | None = None,
    timeout_s: float = 600.0,
    memory_mb: int = 2048,
    retry_failed: bool = False,
    report: Callable[[Counts], None] = lambda counts: None,
    models: Sequence[str] | None = None,
    ear: Ear | None = None,
) -> Counts:
    """Hear every new or changed audio file under the paths.

    Ctrl-C and SIGTERM end it at once with everything done so far kept; the counts then say ``stopped``.
    ``jobs`` defaults to the number of processors; ``ear`` to Sori's own. ``models`` are trained models
    (files) that listen too, now and in later runs, until others are given, or none (an empty list).

    Raises
    ------
    ParameterError
        A path does not exist, or an option makes no sense.
    DataError
        The library cannot be written, or another run is writing to it.
    """
    if jobs is not None and jobs < 1:
        raise ParameterError(f"jobs is {jobs}; at least one file must be heard at a time")
    if not (0 < timeout_s < math.inf and 0 < memory_mb < math.inf):
        raise ParameterError(
            f"timeout_s is {timeout_s} and memory_mb is {memory_mb}; both limits must be numbers above 0"
        )
    limits = Limits(jobs or processors(), timeout_s, memory_mb)
    with stop_on_signals() as stopping, new_library(library) as catalog, catalog.exclusive():
        if models is not None:
            choose_models(catalog, models)
        return scan(
            catalog,
            paths,
            library_ear(catalog, ear, renew=True),
            limits,
            retry_failed=retry_failed,
            report=report,
            stopping=stopping,
        )
