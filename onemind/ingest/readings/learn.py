"""Learning how a table is read, from all of its cells: what is certain, and what has to be asked.

The cells lie in a table of texts (c0, c1, …), row for row as the file has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from onemind.campaign import Contract, Field
from onemind.ingest.matching import Match
from onemind.ingest.reading import fault
from onemind.ingest.readings import dates, rows, words
from onemind.ingest.readings.dates import Proof
from onemind.ingest.readings.reading import MONTH_FIRST, Reading
from onemind.ingest.readings.rows import RowRule
from onemind.ingest.readings.terms import Terms
from onemind.ingest.readings.text import known, trimmed
from onemind.store import Connection

MOST_WORDS = 1_000


@dataclass(frozen=True)
class Learned:
    """How one table is read: its reading, complete, and what was found to be so.

    `said` is what of it was said or remembered. `proofs` are of its columns of dates, by field;
    `certain` are words that needed no asking, by field. `last` is the place of the last row that
    has all it needs: below it there are only notes.
    """

    reading: Reading
    today: date
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    certain: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rules: tuple[RowRule, ...] = ()
    last: int = -1
    said: Reading = field(default_factory=Reading)
    hidden_rows: tuple[int, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether there was more to learn than the cells say of themselves."""
        return bool(self.told_orders or any(self.certain.values()) or self.rules)

    @property
    def told_orders(self) -> dict[str, str]:
        """Return the order of each column that could be read otherwise."""
        unclear = {name for name, proof in self.proofs.items() if proof.unclear or proof.day_first}
        return {name: self.reading.dates[name] for name in self.proofs if name in unclear}

    def order(self, name: str) -> str | None:
        """Return the order of a field's days; None where its column proves both."""
        proof = self.proofs.get(name)
        is_both = bool(proof and proof.is_both and not self.said.order(name))
        return None if is_both else self.reading.order(name)

    def title(self, name: str) -> str:
        """Return the header of a field's column, else the field's name."""
        return next((head for head, of in self.reading.columns.items() if of == name), name)

    def words(self, name: str) -> dict[str, str]:
        """Return what words of a field mean beyond its vocabulary: in lower case -> value."""
        said = {word.lower(): value for word, value in self.reading.words.get(name, {}).items()}
        return {**self.certain.get(name, {}), **said}


@dataclass(frozen=True)
class TextTable:
    """A table of a file's cells as text: where it lies, its header, and which column is which."""

    con: Connection
    name: str
    header: tuple[str, ...]
    match: Match
    parsed: Contract
    name_of_file: str = ""

    def cell(self, item: Field) -> str:
        """Return the column that holds a field."""
        return f"c{self.match.columns[item.name]}"

    def words(self, place: int, item: Field | None = None) -> dict[str, int]:
        """Return the words of a column, in lower case, with the number of rows each has.

        Of a field, words for nothing are none. Rows with one cell at most are no data; a header
        that is repeated is no word.
        """
        word = known(item, "text") if item else "text"
        filled = " + ".join(
            f"(coalesce({cell}, '') <> '')::integer"
            for cell in dict.fromkeys(f"c{at}" for at in self.match.columns.values())
        )
        found = self.con.execute(
            f"""
            with texts as (
                select {trimmed(f"c{place}")} as text from {self.name} where {filled} > 1
            )
            select lower(coalesce({word}, '')) as word, count(*) from texts
            group by word order by count(*) desc, word limit {MOST_WORDS}"""
        ).fetchall()
        label = self.header[place].lower()
        return {word: count for word, count in found if item or word != label}

    def last(self) -> int:
        """Return the place of the last row that has all it needs, -1 where none has."""
        needed = [
            f"{trimmed(self.cell(item))} <> ''"
            for item in self.parsed.fields
            if item.required and item.name in self.match.columns
        ]
        (last,) = self.con.execute(
            f"select max(rowid) from {self.name} where {' and '.join(needed) or 'true'}"
        ).fetchone() or (None,)
        return -1 if last is None else int(last)


def learn(texts: TextTable, vocabularies: Mapping[str, Mapping[str, str]], terms: Terms) -> Learned:
    """Return how a table is read on these terms.

    `vocabularies` has the words of each listed field, in lower case -> value.
    """
    match, last = texts.match, texts.last()
    said = replace(terms.said, words=_meant(texts.name_of_file, terms.said, vocabularies))
    proofs = {
        item.name: dates.proof(texts.con, texts.name, trimmed(texts.cell(item)), last)
        for item in texts.parsed.fields
        if item.type == "date" and item.name in match.columns
    }
    proven = {order for proof in proofs.values() if (order := proof.order)}
    likely = proven.pop() if len(proven) == 1 else MONTH_FIRST
    orders = {name: proof.order or said.order(name) or likely for name, proof in proofs.items()}
    reading = replace(
        said,
        dataset=match.dataset,
        columns={texts.header[place]: name for name, place in match.columns.items()},
        dates=orders,
    )
    return Learned(
        reading, terms.today, proofs, _certain(texts, vocabularies, said), _rules(texts, said),
        last, said, terms.hidden_rows,
    )  # fmt: skip


def _meant(
    file: str, said: Reading, vocabularies: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Return what words were said to mean, as values of their fields.

    Raises CheckFailed where one is said to mean what is no value.
    """
    meant: dict[str, dict[str, str]] = {name: dict(words) for name, words in said.words.items()}
    for name in meant.keys() & vocabularies.keys():
        for word, value in meant[name].items():
            if value.lower() not in vocabularies[name]:
                known = ", ".join(dict.fromkeys(vocabularies[name].values()))
                message = f"'{word}' is said to mean '{value}', which is no {name}. Use: {known}."
                raise fault(file, "enum-error", message, word)
            meant[name][word] = vocabularies[name][value.lower()]
    return meant


def _rules(texts: TextTable, said: Reading) -> tuple[RowRule, ...]:
    used = {*texts.match.columns.values(), *texts.match.hints.values()}
    return tuple(
        rows.rule(label, place, texts.words(place), said.rows.get(label, {}))
        for place, label in enumerate(texts.header)
        if place not in used and (label in said.rows or rows.may_decide(label))
    )


def _certain(
    texts: TextTable, vocabularies: Mapping[str, Mapping[str, str]], said: Reading
) -> dict[str, dict[str, str]]:
    found = {}
    for name in vocabularies.keys() & texts.match.columns.keys():
        item, vocabulary = texts.parsed.field(name), vocabularies[name]
        answered = {word.lower() for word in said.words.get(name, {})}
        strange = [
            word
            for word in texts.words(texts.match.columns[name], item)
            if word and word not in vocabulary and word not in answered
        ]
        found[name] = words.certain(item, vocabulary, strange)
    return found
