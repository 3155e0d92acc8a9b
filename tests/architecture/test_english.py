"""Every text of the product reads as American staff write it, and each rule is seen to fail."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from onemind.settings import ROOT
from tests.architecture.english import faults, texts_of_python, texts_of_toml

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs")
# They list what other people write, so that it can be read.
READERS = {
    "onemind/ingest/matching/suggest.py",
    "onemind/ingest/readings/dates.py",
    "onemind/ingest/readings/row_words.toml",
}


def files(*folders: str) -> Iterator[Path]:
    git = ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", *folders]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    yield from (ROOT / name for name in listed.splitlines() if (ROOT / name).is_file())


def texts(path: Path) -> list[str]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return list(texts_of_python(source))
    return list(texts_of_toml(source)) if path.suffix == ".toml" else source.split("\n\n")


def found(paths: Iterator[Path], said: tuple[str, ...]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {fault}"
        for path in paths
        if path.suffix in said and path.relative_to(ROOT).as_posix() not in READERS
        for text in texts(path)
        for fault in faults(text)
    ]


def test_what_the_program_says_is_american_english() -> None:
    wrong = found(files("onemind", "pages", "dashboard.py"), (".py", ".toml", ".typ"))
    assert wrong == []


def test_what_the_documents_say_is_spelled_as_in_america() -> None:
    wrong = [line for line in found(files(*DOCUMENTS), (".md",)) if "one sentence" not in line]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Pick a colour", "British spelling"),
        ("Organisations in view", "British spelling"),
        ("No share changes by a whole per cent.", "British spelling"),
        ("As at November 27, 2026", "as at"),
        ("Shares stop at 100 %.", "space before %"),
        ("Due on 20 September 2017", "day before the month"),
        ("Ends ? Sep ?", "day before the month"),
        ("word " * 31 + ".", "31 words"),
    ],
)
def test_each_fault_is_seen(text: str, fault: str) -> None:
    assert [line for line in faults(text) if fault in line]


@pytest.mark.parametrize(
    "text",
    [
        "As of November 27, 2026, 64% of officers are trained.",
        "Due Sep 20, 2017",
        "12 of 27 departments, 3 of them (4%)",
        "word " * 30 + ". " + "word " * 30 + ".",
    ],
)
def test_sound_english_passes(text: str) -> None:
    assert list(faults(text)) == []


def test_the_texts_of_a_module_are_what_it_may_say() -> None:
    source = '''"""A docstring of no colour."""
def f(n):
    """Another one."""
    say(f"Seen {n:,} times " "in all", "key")
    run("select colour from t where a = 1")
'''
    assert list(texts_of_python(source)) == ["Seen ? times in all"]
    assert list(texts_of_toml('title = "One"\naliases = ["Organisation"]')) == ["One"]


def test_no_format_puts_the_day_before_the_month() -> None:
    day_first = re.compile(r"%-?d %[bB]|\.day\} \{[\w.]+:%[bB]")
    wrong = [
        path.name
        for path in files("onemind", "pages")
        if path.suffix in {".py", ".js", ".typ"}
        and path.relative_to(ROOT).as_posix() not in READERS
        and day_first.search(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []
    assert day_first.search('f"{day.day} {day:%B %Y}"') and day_first.search("%d %b")
