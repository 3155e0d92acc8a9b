"""What was made of a version, a scope and a day, kept in memory for whoever asks next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")
MOST, BYTES = 4_000, 32 * 1024 * 1024


class Shelf:
    """Answers by all that they rest on; what was asked for longest ago goes first."""

    def __init__(self, most: int = MOST, size: int = BYTES) -> None:
        self.most, self.size, self.held = most, size, 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._one = Lock()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a key, made if it is not there yet."""
        with self._one:
            if key in self._kept:
                self._kept.move_to_end(key)
                known: T = self._kept[key][0]
                return known
        made = make()
        self._keep(key, made, len(made) if isinstance(made, bytes) else 500)
        return made

    def _keep(self, key: Hashable, made: Any, size: int) -> None:
        with self._one:
            self.held += size - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = made, size
            while len(self._kept) > 1 and (self.held > self.size or len(self._kept) > self.most):
                _, (_, dropped) = self._kept.popitem(last=False)
                self.held -= dropped


SHELF = Shelf()
