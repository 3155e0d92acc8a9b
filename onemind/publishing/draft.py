"""Making a draft: files taken in, checked, compared with what is published; nothing is let in.

`make` reads as the steps go; each takes values and returns values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from onemind import ingest
from onemind.campaign import contract, contracts
from onemind.errors import NotPossibleNow
from onemind.ingest import Part, Problem, Roster, Upload
from onemind.publishing import guards
from onemind.publishing.context import ROSTER, Context
from onemind.publishing.intake import Intake, take_in
from onemind.publishing.options import Draft, Shaped
from onemind.publishing.proposal import Proposal
from onemind.publishing.sample import REFUSAL, sample_files
from onemind.store.publish import Delta

FIRST = 5  # rows of a table in another shape that are shown


def make(context: Context, uploads: Sequence[Upload]) -> Draft:
    """Take in files, check them and compare them with the newest version.

    Raises NotPossibleNow for sample files where the store holds real data.
    """
    base, options = context.store.current(), context.options
    intake = take_in(context, uploads)
    proposal = Proposal(
        context.con, base, intake.parts, options.mode == "replace", options.skip_bad_rows
    )
    context.store.require_sound(base, intake.parts)
    refuse_mixing(intake, proposal)
    is_sample = is_sample_only(intake, proposal)
    drops_sample = bool(base and base.sample and not is_sample and not options.practice)
    proposal = replace(proposal, drops_sample=drops_sample)
    problems = [*intake.problems, *checked(context, proposal)]
    deltas = [] if intake.refused else compared(context, proposal)
    problems += guarded(context, proposal, deltas)
    parts = [part for several in proposal.parts.values() for part in several]
    return Draft(
        base, tuple(sorted(problems, key=ingest.by_row)), tuple(deltas), intake.taken,
        drops_sample, is_sample, intake.headers, intake.sheets,
        {part.source.name: ingest.tally(context.con, part) for part in parts},
        {part.source.name: part.learned for part in parts if not part.plain},
        {part.source.name: ingest.left_out(context.con, part) for part in parts},
        {part.source.name: shaped for part in parts if (shaped := first_rows(part))},
    )  # fmt: skip


def first_rows(part: Part) -> Shaped | None:
    """Return the first rows of a table in another shape; not of one that has names."""
    if part.source.rows is None or part.source.nameless:
        return None
    after = tuple(map(tuple, part.source.first(FIRST)))
    return Shaped(after, tuple(dict.fromkeys(part.source.rows[:FIRST])))


def is_sample_only(intake: Intake, proposal: Proposal) -> bool:
    """Whether the files are the sample's, or only repeat the sample that is published."""
    fingerprints = {table.sha256 for table in intake.taken}
    if not fingerprints or fingerprints <= sample_files():
        return bool(fingerprints)
    if intake.refused or not (proposal.base and proposal.base.sample):
        return False
    return all(proposal.difference(dataset).diff.empty for dataset in proposal.parts)


def refuse_mixing(intake: Intake, proposal: Proposal) -> None:
    """Refuse files of the sample that would put made-up figures among real ones."""
    made_up = {table.dataset for table in intake.taken if table.sha256 in sample_files()}
    is_real = proposal.base and not proposal.base.sample
    if is_real and any(not proposal.difference(dataset).diff.empty for dataset in made_up):
        raise NotPossibleNow(REFUSAL)


def checked(context: Context, proposal: Proposal) -> Iterator[Problem]:
    """Check each dataset, parents first; rows with a bad key are left out from then on."""

    @cache
    def roster() -> Roster:
        return context.roster_of(proposal.parents("departments", ROSTER, "department_id"))

    for dataset in contracts():
        if dataset in proposal.parts:
            context.options.say(f"Checking {dataset}")
            yield from _cells(context, proposal, dataset)
            if "departments" in {key.dataset for key in contract(dataset).foreign_keys}:
                known = proposal.parents("departments", "department_id")
                for part in proposal.parts[dataset]:
                    yield from ingest.names(context.con, part, known, roster)
            yield from _keys(context, proposal, dataset)


def _cells(context: Context, proposal: Proposal, dataset: str) -> Iterator[Problem]:
    for part in proposal.parts[dataset]:
        yield from ingest.faults(context.con, part, context.store.rules)


def _keys(context: Context, proposal: Proposal, dataset: str) -> Iterator[Problem]:
    con, parts = context.con, list(proposal.parts[dataset])
    yield from ingest.duplicates(con, parts, proposal.skips)
    for key in contract(dataset).foreign_keys:
        if key.dataset != "departments":  # those were looked up by id or by name
            parents = proposal.parents(key.dataset, key.field)
            yield from ingest.strangers(con, parts, key.field, key.dataset, parents)
    rules, today = context.store.rules, context.options.today
    yield from ingest.oddities(con, parts, rules, today, proposal.result)


def compared(context: Context, proposal: Proposal) -> list[Delta]:
    """Compare each dataset of the files, or all that the sample leaves, with what is published."""
    deltas = []
    for dataset in contracts():
        if dataset in proposal.parts or proposal.drops_sample:
            context.options.say(f"Comparing {dataset} with what is published")
            deltas.append(proposal.difference(dataset))
    return deltas


def guarded(context: Context, proposal: Proposal, deltas: Sequence[Delta]) -> Iterator[Problem]:
    """Find what the removal of published rows would break; the sample may go whole."""
    if proposal.drops_sample:
        return
    for delta in deltas:
        dataset = delta.diff.dataset
        if delta.diff.removed:
            part = proposal.parts[dataset][0]
            published, incoming = proposal.published(dataset), proposal.in_files(dataset)
            yield from guards.orphans(context.con, part, delta, proposal.result)
            yield from guards.silent(context.con, part, published, incoming)
            if delta.diff.shrinks and not context.options.allow_shrink:
                yield guards.shrinking(part, delta)
