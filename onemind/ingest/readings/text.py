"""A cell as text, in SQL: the white space around it off, words for nothing as null."""

from __future__ import annotations

import re
from collections.abc import Iterable

from onemind.campaign import MISSING_VALUES, Field
from onemind.store import quoted

WHITE = " \t\r\n\u00a0\u2007\u202f\u200b\ufeff"
FORMULA = "^'+[=+@\t\r\uff1d\uff0b\uff0d\uff20-]"


def trimmed(cell: str) -> str:
    """The cell without white space around it; most have none, and looking is cheaper than trimming.

    A cell of printing ASCII is told at once, one with white space inside by its two ends. Of one
    that begins with apostrophes before the sign of a formula the first goes: it says "text" to a
    spreadsheet, and exports write it.
    """
    formula, rest = quoted(FORMULA), f"trim(substr({cell}, 2), {quoted(WHITE)})"
    ends = quoted(f"^[{WHITE}]|[{WHITE}]$")
    return (
        f"case when starts_with({cell}, '''') and regexp_matches({cell}, {formula}) then {rest}"
        f" when regexp_full_match({cell}, '[!-~]*') then {cell}"
        f" when not regexp_matches({cell}, {ends}) then {cell}"
        f" else trim({cell}, {quoted(WHITE)}) end"
    )


def known(field: Field, text: str) -> str:
    """The text, or null where it is a word for a missing value."""
    words = sorted({"", *MISSING_VALUES, *field.missing_values})
    short = max(map(len, words))
    missing = among(f"lower({text})", words)
    return f"case when length({text}) > {short} or not {missing} then {text} end"


def among(text: str, words: Iterable[str]) -> str:
    """Whether a text is one of the words.

    Not by `in`: DuckDB makes a join of a longer list, and a join loses the order of the file, so
    that row numbers would be wrong (seen from 150,000 rows on, with two threads).
    """
    return f"list_contains([{', '.join(map(quoted, words))}], {text})"


def plain(text: str) -> str:
    """Return a word without case and punctuation, its parts one space apart."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
