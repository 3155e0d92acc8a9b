"""The start: refused where others could reach a dashboard without a sign-in."""

from __future__ import annotations

from collections.abc import Callable

from onemind import access, runtime
from onemind.replicas.supervisor import supervise


def serve(address: str, port: int, number: int, tell: Callable[[str], None]) -> None:
    """Serve with so many replicas until a signal comes; `tell` hears the address once all answer.

    Raises NotPossibleNow where that is not safe, there is no proxy, the port is taken, or something
    does not start; WrongUse when the address is none.
    """
    visitors = runtime.visitors()
    access.refuse_unsafe(visitors, address, "--address 127.0.0.1")
    visitors.appdb.close()
    supervise(address, port, number, tell)
