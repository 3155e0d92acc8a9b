"""What American readers would stumble over: spellings, dates, percents, sentences too long."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

MOST_WORDS = 30
MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec"
)
BRITISH = re.compile(
    r"\b(?:\w*colour\w*|\w*organisation\w*|organis\w+|\w*recognis\w+|\w*neighbour\w*"
    r"|\w*behaviour\w*|centre\w*|licence\w*|favour\w*|honour\w*|programmes?|catalogue\w*"
    r"|label(?:led|ling)|cancell(?:ed|ing)|travell\w+|modell(?:ed|ing)|summaris\w+|minimis\w+"
    r"|normalis\w+|optimis\w+|authoris\w+|utilis\w+|emphasis(?:e|ed|es|ing)|realis(?:e|ed|ing)"
    r"|apologis\w+|analys(?:e|ed|ing)|grey\w*|towards|whilst|amongst|learnt|spelt|judgement"
    r"|defence|cheque|fulfil|enrol|per cent|rota|ageing)\b",
    re.I,
)
FAULTS: Mapping[str, re.Pattern[str]] = {
    "a British spelling": BRITISH,
    "'as at' for 'as of'": re.compile(r"\bas at\b", re.I),
    "a space before %": re.compile(r"[0-9}?] %(?![\w(])"),
    "the day before the month": re.compile(
        rf"(?<!\w)[0-9?]{{1,2}} (?:{MONTHS})\b(?! [0-9]{{1,2}},)"
    ),
}
# How British and other people write is something that programs have to read.
ABBREVIATIONS = re.compile(r"\b(?:e\.g|i\.e|etc|vs|No|St|Dept|Univ|a\.m|p\.m)\.")


def faults(text: str) -> Iterator[str]:
    """Say each thing that is wrong with a text for people."""
    for name, pattern in FAULTS.items():
        for found in pattern.finditer(text):
            yield f"{name}: {found.group()!r} in {text[:60]!r}"
    for sentence in sentences(text):
        words = re.findall(r"[\w'’%$.,/@-]*\w[\w'’%$.,/@-]*", sentence)
        if len(words) > MOST_WORDS:
            yield f"{len(words)} words in one sentence: {sentence.strip()!r}"


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a line, a list item or a dot between ends one too."""
    text = re.sub(r"`[^`]*`", "code", text)
    plain = ABBREVIATIONS.sub(lambda found: found.group().replace(".", ""), text)
    return re.split(r"(?<=[.!?])\s|\n| · ", plain)


def texts_of_python(source: str) -> Iterator[str]:
    """Yield what a module may say to people: its literals, without docstrings; ? for a value."""
    tree = ast.parse(source)
    inside = {id(part) for node in ast.walk(tree) for part in _parts(node)}
    for node in ast.walk(tree):
        if id(node) not in inside and (text := _text(node)) and _is_prose(text):
            yield text


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """What is no text of its own: docstrings, and the parts of a text put together."""
    if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            yield first.value
    if isinstance(node, ast.JoinedStr):
        yield from (part for value in node.values for part in ast.walk(value) if part is not node)


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "?" for part in node.values
        )
    return None


def _is_prose(text: str) -> bool:
    """Whether a literal is words for people, and no SQL, pattern, style sheet or key."""
    is_code = re.search(
        r"\b(?:select|insert into|create (?:temp )?(?:table|view))\b.*\b(?:from|into|as|\()"
        r"|\(\?[:=!P]|\\[bdws]|\{\s*[\w-]+:|</?\w+",
        text,
        re.I | re.S,
    )
    return " " in text.strip() and not is_code


def texts_of_toml(source: str) -> Iterator[str]:
    """Yield the texts of a TOML file, but for aliases: they say how others write."""
    yield from _values(tomllib.loads(source))


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in {"aliases", "expression"}:
                yield from _values(item)
    elif isinstance(value, list):
        for item in value:
            yield from _values(item)
