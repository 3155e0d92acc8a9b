"""The commands beside the data: each declares its arguments, and is loaded only when it is wanted.

A brief draws with Typst, outlines are read with libraries of their own: whoever checks or publishes
a file need not wait for them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from onemind.cli_commands import day

Run = Callable[[argparse.Namespace], int]


def boundaries(command: argparse.ArgumentParser) -> Run:
    """Declare what boundaries takes; returns what it does."""
    from onemind import cli_boundaries

    cli_boundaries.arguments(command)
    return cli_boundaries.listed


def brief(command: argparse.ArgumentParser) -> Run:
    """Declare what brief takes; returns what it does."""
    from onemind import cli_brief

    cli_brief.arguments(command)
    return cli_brief.brief


def link(command: argparse.ArgumentParser) -> Run:
    """Declare what link takes; returns what it does."""
    from onemind import cli_links

    cli_links.arguments(command)
    return cli_links.run


def people(command: argparse.ArgumentParser) -> Run:
    """Declare what people takes; returns what it does."""
    from onemind import cli_people

    cli_people.arguments(command)
    return cli_people.people


def activity(command: argparse.ArgumentParser) -> Run:
    """Declare what activity takes; returns what it does."""
    from onemind import cli_activity

    cli_activity.arguments(command, day)
    return cli_activity.activity


BESIDE = {
    "boundaries": (boundaries, "outlines of cities and towns for the maps"),
    "brief": (brief, "a one-page PDF to print or send"),
    "link": (link, "share links: make, list or revoke them"),
    "people": (people, "who may sign in: add, list, change, remove"),
    "activity": (activity, "who did what, when and from where"),
}
