"""Which backups at a place stay: the newest of each of the last days, weeks and months, in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from onemind.backup import places
from onemind.backup.make import Backup

Rule = tuple[tuple[int, str], ...]  # how many of d (days), w (weeks) and m (months)


def kept(moments: Iterable[datetime], now: datetime, rule: Rule) -> set[datetime]:
    """Return the moments whose backups stay: the newest of all, and of each period of the rule.

    A period is a day, a week from Monday or a month of the calendar; the last one is that of now.
    What is dated later than now stays.
    """
    ordered = sorted(moments)
    stay = {moment for moment in ordered if moment > now} | set(ordered[-1:])
    for count, unit in rule:
        newest = {_period(moment, unit): moment for moment in ordered}
        first = _period(now, unit) - count + 1
        stay |= {moment for period, moment in newest.items() if period >= first}
    return stay


def _period(moment: datetime, unit: str) -> int:
    if unit == "m":
        return moment.year * 12 + moment.month
    days = moment.date().toordinal() - 1  # the first day of the calendar was a Monday
    return days // 7 if unit == "w" else days


def prune(made: Backup, now: datetime, rule: Rule) -> list[str]:
    """Remove the backups beside one just made that are not to be kept, and return their names.

    Raises NotPossibleNow where one can't be removed.
    """
    backups = places.own(made.place, made.manifest.store)
    stay = kept(backups, now.astimezone(UTC), rule) | {made.manifest.made_at}
    removed = [name for moment, name in sorted(backups.items()) if moment not in stay]
    for name in removed:
        places.remove(made.place, name)
    return removed
