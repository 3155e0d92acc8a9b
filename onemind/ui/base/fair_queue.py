"""A fair queue: page scripts run one after the other, in the order in which they came.

Scripts are threads of one Python process. A hundred that begin at the same moment all end last, for
each takes what the others need; in turn, each is as fast as when it is alone.

A turn counts until its script ends, and for so long as its patience at most. After that the script
goes on, and the next begins beside it: so one that waits for the database, or is slow for another
reason, holds nobody back, and whoever has n before him waits (n + 1) times the patience at most.

The patience follows the machine: a few times what turns take just now, within limits. With a fixed
one, a slow or busy machine let everybody begin, and then all of them ended last.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from threading import Condition, Lock, Thread, local
from time import monotonic, sleep
from typing import Generic, TypeVar

PLACES, PATIENCE = 1, 0.05  # scripts at the same time, and for how many seconds a turn counts
MOST_PATIENCE, FOLD, REMEMBERED = 0.5, 5, 31  # seconds; times the median of so many turns

T = TypeVar("T")


class Line(Generic[T]):
    """Who waits and whose turn it is; the time is told it, and it is changed by one at a time."""

    def __init__(self, places: int = PLACES, patience: float = PATIENCE) -> None:
        self.places, self.patience, self.least = places, patience, patience
        self.waiting: deque[T] = deque()
        self._begun: dict[T, float] = {}
        self._took: deque[float] = deque(maxlen=REMEMBERED)

    def call(self, now: float) -> list[T]:
        """Let begin whoever there is a place for; return them."""
        over = [who for who, at in self._begun.items() if now - at >= self.patience]
        for who in over:
            del self._begun[who]
        called: list[T] = []
        while self.waiting and len(self._begun) < self.places:
            called.append(self.waiting.popleft())
            self._begun[called[-1]] = now
        return called

    def leave(self, who: T) -> None:
        """Forget somebody: at the end of a turn, whether it still counts or not, or before it."""
        self._begun.pop(who, None)
        if who in self.waiting:
            self.waiting.remove(who)

    def took(self, seconds: float) -> None:
        """Learn from a turn that ended how long they take, overtime included."""
        self._took.append(seconds)
        self.patience = max(self.least, min(FOLD * median(self._took), MOST_PATIENCE))

    def wait(self, now: float) -> float:
        """Return after how many seconds the next place is free at the latest."""
        free = min(self._begun.values(), default=now - self.patience) + self.patience
        return max(0.0, free - now)


class FairQueue:
    """A line of threads. Within a turn, another one of the same thread is part of it."""

    def __init__(self, places: int = PLACES, patience: float = PATIENCE) -> None:
        self._lock, self._mine = Lock(), local()
        self._line: Line[Condition] = Line(places, patience)
        self._is_watched = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn; it is over at the end, however that is come to."""
        if getattr(self._mine, "is_on", False):
            yield
            return
        called, begun = Condition(self._lock), None
        self._mine.is_on = True
        try:
            self._begin(called)
            begun = monotonic()
            yield
        finally:
            self._mine.is_on = False
            self._end(called, begun)

    def _begin(self, called: Condition) -> None:
        with self._lock:
            self._line.waiting.append(called)
            self._call()
            if self._line.waiting and not self._is_watched:
                Thread(target=self._watch, daemon=True, name="turns").start()
                self._is_watched = True
            while called in self._line.waiting:
                called.wait()

    def _end(self, called: Condition, begun: float | None) -> None:
        with self._lock:
            self._line.leave(called)
            if begun is not None:
                self._line.took(monotonic() - begun)
            self._call()

    def _call(self) -> None:
        for each in self._line.call(monotonic()):
            each.notify()

    def _watch(self) -> None:
        """Look for turns gone overtime, for as long as somebody waits."""
        while True:
            with self._lock:
                self._call()
                if not self._line.waiting:
                    self._is_watched = False
                    return
                free = self._line.wait(monotonic())
            sleep(free)


QUEUE = FairQueue()
