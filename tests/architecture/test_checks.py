"""The checks before a commit and at the code host are those of `make test`."""

from __future__ import annotations

import os
import re

from onemind.settings import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
HOOKS = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
RUN = ROOT / ".ci" / "run"


def recipe(target: str) -> list[str]:
    """The commands of a make target, with `$(python)` written out."""
    lines = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.M)[0].splitlines()
    return [line.strip("\t@").replace("$(python)", ".venv/bin/python") for line in lines]


def test_each_hook_is_one_of_the_checks_of_make_lint() -> None:
    commands = re.findall(r"^ +entry: (.+)$", HOOKS, re.M)
    assert len(commands) == HOOKS.count("- id:") > 0
    assert set(commands) <= set(recipe("lint"))


def test_every_hook_looks_at_the_whole_project() -> None:
    assert HOOKS.count("pass_filenames: false") == HOOKS.count("- id:")


def test_make_test_checks_style_and_types_first() -> None:
    for target in ("test", "test-long"):
        assert re.search(rf"^{target}: lint\b", MAKEFILE, re.M)


def test_the_code_host_runs_what_a_developer_runs() -> None:
    assert re.findall(r"^ +- run: (.+)$", WORKFLOW, re.M) == [".ci/run"]
    assert RUN.read_text(encoding="utf-8").rstrip().endswith("exec make test")
    assert os.access(RUN, os.X_OK)


def test_the_code_host_tries_the_oldest_python_that_the_readme_names() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (oldest,) = re.findall(r"Python (\d\.\d+) or newer", readme)
    (listed,) = re.findall(r"python: \[(.+)\]", WORKFLOW)
    assert f'"{oldest}"' in listed.split(", ")
    asked = re.search(
        r"sys\.version_info < \((\d), (\d+)\)", (ROOT / ".ci/venv").read_text("utf-8")
    )
    assert asked and ".".join(asked.groups()) == oldest
