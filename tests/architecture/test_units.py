"""The units in deploy/ run commands that there are, in the folders that they may write to."""

from __future__ import annotations

import re
import shlex
from configparser import ConfigParser
from pathlib import Path

import pytest

from onemind.cli import parser
from onemind.settings import ROOT

SERVICES = sorted((ROOT / "deploy").glob("onemind-*.service"))
TIMERS = sorted((ROOT / "deploy").glob("onemind-*.timer"))


class Unit(ConfigParser):
    """A unit's sections; a key may come more than once."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, interpolation=None)
        self.optionxform = str  # type: ignore[assignment, method-assign]
        self.text = path.read_text(encoding="utf-8")
        self.read_string(self.text)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_runs_a_command_that_there_is(path: Path) -> None:
    unit = Unit(path)
    named = dict(re.findall(r"^Environment=(\w+)=(.+)$", unit.text, re.M))
    words = shlex.split(unit["Service"]["ExecStart"])
    given = [re.sub(r"\$\{(\w+)\}", lambda found: named[found[1]], word) for word in words]
    assert given[1:3] == ["-m", "onemind"]
    assert parser.parser().parse_args(given[3:]).command in parser.COMMANDS
    writable = unit["Service"]["ReadWritePaths"].split()
    assert set(named.values()) <= set(writable)


@pytest.mark.parametrize("path", TIMERS, ids=lambda path: path.name)
def test_a_timer_has_its_service(path: Path) -> None:
    assert Unit(path)["Timer"]["OnCalendar"]
    assert path.with_suffix(".service") in SERVICES
