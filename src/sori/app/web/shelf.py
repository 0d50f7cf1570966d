"""The library as the server has it open: one state of it in memory, renewed beside the answering.

Everything is asked of the newest state that is ready. Another one is made when the database has changed,
though not more often than it is worth: while music is being heard the database changes every second.
"""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections.abc import Callable

from sori.app.actions import asking, browsing
from sori.app.actions.asking import Asked
from sori.app.actions.place import new_library
from sori.errors import SoriError
from sori.library.catalog import SqlCatalog
from sori.library.watch import Watch

__all__ = ["Shelf", "State"]

_GLANCE_S = 0.5
_LEAST_S, _SHARE, _MOST_S = 2.0, 10, 60.0  # between two renewals: so many times what one takes, within bounds
_FIRST_S = 60.0


@dataclasses.dataclass(frozen=True)
class State:
    """The library as it was at one time."""

    asked: Asked
    number: int


class Shelf:
    """One library, open for many questions at once.

    Parameters
    ----------
    place
        The library; it is made when absent, so that a first folder can be heard from the page.
    prepare
        Called with the place and the state's label before a state is opened: builds the matrix of
        vectors elsewhere, so that answering goes on meanwhile.
    changed
        Called, from a thread, when there is a new state.
    """

    def __init__(
        self,
        place: str,
        *,
        prepare: Callable[[str], None] = lambda place: None,
        changed: Callable[[State], None] = lambda state: None,
    ) -> None:
        self.place = place
        self.catalog: SqlCatalog = new_library(place)
        self._prepare = prepare
        self._changed = changed
        self._state: State | None = None
        self._ready = threading.Event()
        self._closing = threading.Event()
        self._asked_for = threading.Event()
        self._trouble: SoriError | None = None
        self._thread = threading.Thread(target=self._renew, name="shelf", daemon=True)

    def start(self) -> None:
        """Begin to load the library, and to look after it."""
        self._thread.start()

    def close(self) -> None:
        """Let go of the library."""
        self._closing.set()
        self._asked_for.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self.catalog.__exit__()

    @property
    def ready(self) -> bool:
        """Whether there is a state to ask."""
        return self._ready.is_set()

    @property
    def state(self) -> State:
        """The newest state; the first one is waited for.

        Raises
        ------
        DataError
            The library cannot be read.
        """
        self._ready.wait(_FIRST_S)
        if self._state is None:
            raise self._trouble or SoriError("the library is still being loaded; ask again")
        return self._state

    @property
    def asked(self) -> Asked:
        """The newest state, to be asked."""
        return self.state.asked

    def renew(self) -> None:
        """Make a new state at once if the database has changed, such as after a run or a correction."""
        self._asked_for.set()

    def _renew(self) -> None:
        watch = Watch(self.place)
        with contextlib.closing(watch):
            cost = 0.0
            number = 0
            while not self._closing.is_set():
                if watch.changed() or not number:
                    number += 1
                    began = time.monotonic()
                    self._load(number)
                    cost = time.monotonic() - began
                    self._pause(min(max(_LEAST_S, _SHARE * cost), _MOST_S))
                else:
                    self._pause(_GLANCE_S)

    def _pause(self, seconds: float) -> None:
        self._asked_for.wait(seconds)
        self._asked_for.clear()

    def _load(self, number: int) -> None:
        try:
            self._prepare(self.place)
            with contextlib.ExitStack() as stack:
                found = stack.enter_context(asking.asked(self.place))
                # What is asked needs the tables and the matrix, not the connection they came by.
                state = State(dataclasses.replace(found, catalog=self.catalog), number)
            state.asked.warm()
            if self._state is not None:
                browsing.prepare(state.asked.tracks)
        except SoriError as error:
            self._trouble = error
        else:
            first, self._state, self._trouble = self._state is None, state, None
            self._changed(state)
            self._ready.set()
            if first:  # somebody may be waiting for anything at all
                browsing.prepare(state.asked.tracks)
        self._ready.set()
