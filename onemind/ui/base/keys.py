"""The key under which something made for a page is cached: the text of all it depends on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date


def plain_key(
    make: Callable[..., object],
    args: tuple[object, ...],
    named: Mapping[str, object],
    *more: object,
) -> str:
    """Return the key of what a function makes of these arguments.

    Raises TypeError for an argument whose text may not tell it from others, or given by name.
    """
    if named or not all(map(_is_plain, args)):
        raise TypeError(f"{make.__qualname__} takes plain values, by position")
    return repr((make.__module__, make.__qualname__, args, *more))


def _is_plain(value: object) -> bool:
    """Whether a value's text tells it from every other value."""
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    if is_dataclass(value):
        return all(_is_plain(getattr(value, item.name)) for item in fields(value))
    return value is None or isinstance(value, str | int | float | date)
