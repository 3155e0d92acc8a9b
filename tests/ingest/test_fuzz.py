"""Whatever is uploaded: problems or a published version that keeps every rule, never a crash.

Files come from three sources: raw bytes, text shaped like a CSV, and sound files gone wrong. Each
is published into the same base. Nothing but an OneMindError may come of it, and then nothing
changed; or exactly one version does, and every row of it is proven anew, in plain Python, by
`violations`. A fourth source is sound rows oddly dressed, all of which must arrive.
"""

import csv
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onemind import ingest, publishing
from onemind.campaign import Field, contracts
from onemind.errors import OneMindError
from onemind.ingest.reading.letters import repaired
from onemind.settings import Settings
from onemind.store import Store, relation
from onemind.store.publish import commit, compare
from tests.conftest import TODAY, Campaign
from tests.ingest.test_corpus import BASE
from tests.support.violations import Rows, violations

Case = tuple[dict[str, bytes], publishing.Options]
Dressed = tuple[bytes, list[tuple[str, str]]]
ORDINARY, LONG = 15, 60  # examples of each source, and of each part of a long test
PARTS = 9
RENEW = 150  # publishes, after which a store is given up for a new one
MOST = 10  # seconds of processor time a case may take: most take a tenth of one


# --- the ground they are published on -------------------------------------------------------------


class Ground:
    """A store that holds BASE again after each example."""

    def __init__(self, new_folder: Callable[[], Path]) -> None:
        self._new_folder = new_folder
        self.publishes = RENEW
        self.store: Store | None = None

    def renewed(self) -> Store:
        """Return the store, a new one when it has seen many publishes."""
        if self.store is None or self.publishes >= RENEW:
            self.close()
            self.folder = self._new_folder()
            self.store, self.publishes = Store(Settings(store=self.folder / "store")), 0
            self.base = Campaign(self.store, self.folder).publish(**BASE)
            self.rows = rows_of(self.store)
        return self.store

    def close(self) -> None:
        if self.store is not None:
            self.store.close()

    def prove(self, files: dict[str, bytes], options: publishing.Options) -> None:
        """Publish files and prove what came of it."""
        store = self.renewed()
        uploads = []
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
            uploads.append(ingest.Upload(self.folder / name, name))
        before = snapshot(store)
        versions = store.versions()
        try:
            with in_time():
                version, _ = publishing.publish(store, uploads, options, "fuzz", "fuzz")
        except OneMindError as error:
            assert str(error)
            assert snapshot(store) == before
            assert store.versions() == versions
            return
        self.publishes += 1
        try:
            assert store.versions() == (*versions, version)
            assert list(violations(rows_of(store))) == []
        finally:
            self._put_back(store, list(version.counts))

    def prove_arrived(self, content: bytes, expected: list[tuple[str, str]]) -> None:
        """Check a file of training and prove that all its rows would be published."""
        store = self.renewed()
        (self.folder / "dressed.csv").write_bytes(content)
        uploads = [ingest.Upload(self.folder / "dressed.csv", "dressed.csv")]
        with (
            in_time(),
            publishing.draft(store, uploads, publishing.Options(today=TODAY)) as (made, con),
        ):
            assert made.errors == []
            [delta] = made.deltas
            found = con.execute(f"select officer_id, provider from {delta.table} order by all")
            assert found.fetchall() == sorted((who, text.strip()) for who, text in expected)

    def _put_back(self, store: Store, datasets: list[str]) -> None:
        current = store.current()
        with store.cursor() as con:
            deltas = [
                compare(con, name, relation(name, current), relation(name, self.base))
                for name in datasets
            ]
            commit(store, con, deltas, current, "fuzz", "as it was")


@contextmanager
def in_time() -> Iterator[None]:
    """Hold a case to MOST. Seconds on the clock would be the machine's, which others use too."""
    begun = time.process_time()
    try:
        yield
    finally:
        spent = time.process_time() - begun
        assert spent < MOST, f"it took {spent:.0f} s of processor time"


def snapshot(store: Store) -> Any:
    with store.cursor() as con:
        return con.execute("select id from lake.current_snapshot()").fetchone()


def rows_of(store: Store) -> Rows:
    """Every row of every dataset, as it is published now."""
    found = {}
    with store.cursor() as con:
        for name, parsed in contracts().items():
            rows = con.execute(relation(name, store.current())).fetchall()
            found[name] = [dict(zip(parsed.columns, row, strict=True)) for row in rows]
    return found


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = Ground(lambda: tmp_path_factory.mktemp("ground"))
    yield made
    if made.store:
        assert sorted_rows(rows_of(made.store)) == sorted_rows(made.rows)
    made.close()


def sorted_rows(rows: Rows) -> Rows:
    return {name: sorted(found, key=repr) for name, found in rows.items()}


# --- what is uploaded -----------------------------------------------------------------------------

VALID = {
    "department_id": ["A", "B", "Avon", "Bolton Police Dept", "W1", "N1", "N2"],
    "officer_id": ["o1", "o2", "007", "B-117", "éclair", "17"],
    "partner_id": ["p1", "p2"],
    "name": ["Avon", "Carver", "Washington County Sheriff", "Été, Ltd."],
    "type": ["municipal", "sheriff", "Campus"],
    "kind": ["referral", "co-response", "hospital", "Other"],
    "state": ["MA", "Massachusetts", "NB", "ZZ"],
    "county": ["Worcester County", "['Berkshire']", "Kent"],
    "course": ["MHFA", "CIT 40 hr", "crit"],
    "edition": ["2016", "current", "2023"],
    "precision": ["day", "month", "year"],
    "country": ["US", "CA"],
}
BY_TYPE = {
    "date": [
        "2018-01-01",
        "9/20/2017",
        "2019-06",
        "2020",
        "43101",
        "2018-02-28 14:30",
        "12/31/2099",
    ],
    "integer": ["0", "3", "12", "1,110", "3,500.00", "9223372036854775807", "007"],
    "number": ["6.5", "-71.06", "42", "1e3", "0", ".5"],
    "boolean": ["yes", "N", "TRUE", "0"],
    "string": ["NAMI", "Lee", "a@b.org", "https://example.org"],
}
NASTY = [
    *("", " ", "NA", "-", "unknown", "-666666666", "0", "-0", "-1", "+5", "1e309", "nan", "-inf"),
    *("'", '"', '""', ",", ";", "\n", "\r\n", "\r", "\t", "|", "\\", "\\n", '"x', 'x"', "x\ny"),
    *("\0", "\ufeff", "\u200b", "\u00a0", "\u2028", "\u0085", "\u202e", "e\u0301", "🙂", "١٢", "Ⅷ"),
    *("=1+1", "'; drop table partners; --", "{row}", "%s", "$today", "{0}", "NULL", "['']", "['"),
    *("2018-02-30", "20/9/2017", "0000-00-00", "60000", "69999", "20000", "1/1/99", "2018-W01"),
    *("9" * 30, "-9223372036854775809", "1,00", "1e-400", "0x10", "1_000", "12.", "-0.0"),
    *("x" * 70, "x" * 600, "Total", "grand total:", "Subtotal"),
    *("mary@avon.gov", "123-45-6789", "Mary_Smith", "Smith, Mary", "Mary\u00a0Smith", "a\n@b"),
]
GOOD = {
    **BASE,
    "departments": "department_id,name,type,county,state,country,population,sworn_officers\n"
    'N1,Carver,town,Plymouth County,MA,,"11,500",0\nN2,Essex,campus,,Massachusetts,US,,7\n',
    "pledges": "department_id,pledged_on,edition,withdrawn_on,source\n"
    'A,2018-05,,2019-01-01,"letter, of 2018"\nBolton,9/20/2018,2016,,\n',
    "officers": "department_id,officer_id,sworn,joined_on,left_on,exempt_reason\n"
    "A,o2,yes,2001-01-01,,\nA,o3,no,2001-01-01,2019-01-01,leave\n",
    "training": "Dept ID,Badge,Course,Date Completed,Expires,Hours\n"
    "A,o2,MHFA,1/2/2018,1/2/2021,6.5\nA,o3,CIT 40 hr,43101,,40\nB,o2,CIT,2018-02-28,,\n",
    "training_totals": "department_id,as_of,mhfa_trained,cit_trained,both_trained\n"
    "A,2018-03-31,3,2,1\nB,2018-03-31,4,4,4\nTotal,,7,6,5\n",
    "outcomes": "department_id,period_start,period_end,mh_calls,arrests\n"
    'A,2019-01-01,2019-12-31,"1,200",3\nB,2019-01-01,2019-12-31,0,0\n',
}
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "latin-1")
MAGIC = (b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\0")
LINE_ENDS = ("\n", "\r\n", "\r", "\n\n", "\r\r\n", "\u2028")


def options() -> st.SearchStrategy[publishing.Options]:
    yes = st.booleans()
    return st.builds(
        publishing.Options,
        today=st.just(TODAY),
        mode=st.sampled_from(["update", "update", "replace"]),
        skip_bad_rows=yes,
        allow_shrink=yes,
    )


def raw() -> st.SearchStrategy[dict[str, bytes]]:
    """Bytes, some of which pretend to be something."""
    header = st.sampled_from([b"", *(text.encode() for text in BASE.values())])
    parts = st.tuples(st.sampled_from(MAGIC), header, st.binary(max_size=200))
    return st.builds(lambda name, found: {name: b"".join(found)}, st.sampled_from(NAMES), parts)


NAMES = ("training.csv", "pledges.csv", "x.xlsx", "it's [1]*?.csv", "é {a}.txt")


def cell(field: Field) -> st.SearchStrategy[str]:
    """Mostly what the field takes."""
    pool = VALID.get(field.name) or BY_TYPE[field.type]
    sound = st.sampled_from(pool)
    return st.one_of(sound, sound, sound, sound, sound, sound, st.sampled_from(NASTY), st.text())


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A header of one contract's columns, or what people call them, and rows."""
    parsed = draw(st.sampled_from(list(contracts().values())))
    wanted = [item for item in parsed.fields if item.required or draw(st.booleans())]
    if draw(st.integers(0, 9)) == 0:
        wanted = draw(st.lists(st.sampled_from(parsed.fields), max_size=12))
    wanted = draw(st.permutations(wanted))
    label = st.sampled_from(
        [lambda item: item.name, lambda item: (item.aliases or (item.name,))[-1]]
    )
    header = [draw(label)(item) for item in wanted]
    odd = st.sampled_from(["", "shoe", "ORI", "Name", "county", "Total", '"', "a\nb", "Date", " "])
    if draw(st.integers(0, 3)) == 0:
        header.append(draw(odd))
    rows = draw(st.lists(st.tuples(*map(cell, wanted)), max_size=6))
    above = draw(st.sampled_from([[], [], [], [["Title"]], [["A, b"], []], [[""], ["2018"]]]))
    wide = [[*row, *draw(st.sampled_from([[""], [""], ["x"], []]))] for row in rows]
    narrow = [list(row) for row in rows]
    return [*above, header, *(wide if len(header) > len(wanted) else narrow)]


@st.composite
def shaped(draw: st.DrawFn) -> dict[str, bytes]:
    """A table as CSV text: mostly quoted as it should be, in any letters, with any line ends."""
    rows, sign = draw(tables()), draw(st.sampled_from(",,,;\t|"))
    end = draw(st.sampled_from(LINE_ENDS))
    if draw(st.integers(0, 4)):
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=sign, lineterminator=end).writerows(rows)
        text = written.getvalue()
    else:
        text = "".join(sign.join(row) + end for row in rows)
    encoding = draw(st.sampled_from(["utf-8"] * 6 + list(ENCODINGS)))
    return {draw(st.sampled_from(NAMES)): text.encode(encoding, "replace")}


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, bytes]:
    """One or two sound files, and what happened to them."""
    files: dict[str, bytes] = {}
    for name in draw(st.lists(st.sampled_from(sorted(GOOD)), min_size=1, max_size=2)):
        content = GOOD[name].encode()
        for _ in range(draw(st.integers(0, 3))):
            content = draw(st.sampled_from(SPOIL))(draw, content)
        files[f"{name} {len(files)}.csv"] = content
    return files


def bytes_spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """Some bytes deleted, and others put there."""
    at = draw(st.integers(0, len(content)))
    gone = draw(st.integers(0, 3))
    new = st.one_of(
        st.binary(max_size=3), st.sampled_from([b'"', b",", b"\r", b"\n", b"\0", b'""'])
    )
    return content[:at] + draw(new) + content[at + gone :]


def lines_spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """A line doubled, moved, cut, dropped, or put in blank."""
    lines = content.split(b"\n")
    at, to = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    line = lines[at]
    new = draw(st.sampled_from([line, b"", b",,,", line[: len(line) // 2], line + b",x", b"  "]))
    if draw(st.booleans()):
        del lines[at]
    lines.insert(to, new)
    return b"\n".join(lines)


def cells_spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """A cell of one row replaced."""
    text = content.decode("utf-8", "replace")
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return content
    filled = [row for row in rows if row]
    if filled:
        row = draw(st.sampled_from(filled))
        pool = [*NASTY, *(word for words in (*VALID.values(), *BY_TYPE.values()) for word in words)]
        row[draw(st.integers(0, len(row) - 1))] = draw(st.sampled_from(pool))
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode("utf-8", "replace")


def recoded(draw: st.DrawFn, content: bytes) -> bytes:
    """Saved again by another program."""
    text = content.decode("utf-8", "replace")
    text = text.replace("\n", draw(st.sampled_from(LINE_ENDS)))
    return text.encode(draw(st.sampled_from(ENCODINGS)), "replace")


SPOIL = (bytes_spoilt, lines_spoilt, cells_spoilt, cells_spoilt, recoded)


@st.composite
def dressed(draw: st.DrawFn) -> Dressed:
    """Sound certificates in an odd dress, and the officers and providers that must arrive."""
    texts = st.text(st.characters(codec="cp1252", exclude_categories=["C", "Z"]), min_size=1)
    odd = st.one_of(st.sampled_from(['say "hi"', "a, b", "a;b", "two\nlines", "'", '""']), texts)
    plain = odd.filter(
        lambda text: repaired(text) == text
    )  # what looks decoded wrongly is put right
    providers = draw(st.lists(plain, min_size=1, max_size=5))
    rows = [["A", f"n{nth}", "CIT", "2018-01-01", text] for nth, text in enumerate(providers)]
    header = ["Dept ID", "Badge", "Course", draw(st.sampled_from(["Date", "Date\nCompleted"]))]
    title = st.lists(st.one_of(odd, st.just("")), min_size=1, max_size=5)
    table = [[*header, "Provider"], *rows]
    for _ in range(draw(st.integers(0, 2))):
        table.insert(draw(st.integers(1, len(table))), [""] * draw(st.sampled_from([0, 5])))
    return draw(written(draw(st.lists(title, max_size=3)), table)), [
        (row[1], row[4]) for row in rows
    ]


@st.composite
def written(draw: st.DrawFn, above: list[list[str]], table: list[list[str]]) -> bytes:
    """Rows as a program writes them."""
    sign, end = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoting: Literal[0, 1] = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    text = io.StringIO(newline="")
    sheet = csv.writer(text, delimiter=sign, lineterminator="\n", quoting=quoting)
    sheet.writerows([*above, *table])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    return text.getvalue().replace("\n", end).encode(encoding)


SOURCES = {"raw": raw(), "shaped": shaped(), "spoilt": spoilt()}


def fuzzed(source: str, examples: int) -> Callable[[Any], Any]:
    """Return the decorator of a test that takes that many examples of a source."""
    case = st.tuples(SOURCES[source], options())
    return lambda test: ruled(examples)(given(case=case)(test))


def ruled(examples: int) -> settings:
    """Return the settings of a test: the ordinary run takes the same examples each time."""
    return settings(
        max_examples=examples,
        deadline=None,  # see in_time
        derandomize=examples == ORDINARY,
        print_blob=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@fuzzed("raw", ORDINARY)
def test_bytes_are_refused_or_keep_every_rule(ground: Ground, case: Case) -> None:
    ground.prove(*case)


@fuzzed("shaped", ORDINARY)
def test_a_table_of_anything_is_refused_or_keeps_every_rule(ground: Ground, case: Case) -> None:
    ground.prove(*case)


@fuzzed("spoilt", ORDINARY)
def test_a_spoilt_file_is_refused_or_keeps_every_rule(ground: Ground, case: Case) -> None:
    ground.prove(*case)


@ruled(ORDINARY)
@given(found=dressed())
def test_sound_rows_arrive_however_they_are_dressed(ground: Ground, found: Dressed) -> None:
    ground.prove_arrived(*found)


# A test may take five minutes (faulthandler_timeout), so that the long ones come in parts.


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@fuzzed("raw", LONG)
def test_many_bytes(ground: Ground, case: Case, part: int) -> None:
    ground.prove(*case)


@pytest.mark.long
@pytest.mark.parametrize("part", range(2 * PARTS))
@fuzzed("shaped", LONG)
def test_many_tables_of_anything(ground: Ground, case: Case, part: int) -> None:
    ground.prove(*case)


@pytest.mark.long
@pytest.mark.parametrize("part", range(2 * PARTS))
@fuzzed("spoilt", LONG)
def test_many_spoilt_files(ground: Ground, case: Case, part: int) -> None:
    ground.prove(*case)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@ruled(LONG)
@given(found=dressed())
def test_many_sound_rows_oddly_dressed(ground: Ground, found: Dressed, part: int) -> None:
    ground.prove_arrived(*found)
