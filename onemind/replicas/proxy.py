"""The proxy in front of the replicas: which one this machine has, and its config as text.

HAProxy goes first. It sends a visitor back to one replica by a cookie of its own, asks each replica
whether it is well, and is a single process that ends with ours. nginx does without the last two.
A cookie and not the address decides: an office behind one router would all land on one replica.

On an address of this computer alone the proxy adds no header. So a replica sees a request as it was
sent, and tells a visitor at this computer from one who came through a tunnel, as it does alone.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from string import Template

from onemind.errors import NotPossibleNow, WrongUse

HEALTH = "/healthz"  # what a replica is asked to learn whether it may be given visitors
COOKIE = "onemind_replica"
LOOPBACK, NOBODY = "127.0.0.1", "255.255.255.255"
ELSEWHERE = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")  # not on everybody's PATH
BESIDE = 20  # megabytes that a request may be larger than the largest file in it
MISSING = """\
Several processes need a proxy in front of them, and neither HAProxy nor nginx is installed.
Install one, then start again: apt install haproxy"""


@dataclass(frozen=True)
class Plan:
    """What to serve: the proxy's address and port, the replicas' ports, and who is believed.

    `proxies` are networks whose X-Forwarded headers count, `largest` is in bytes, and `secure`
    tells that visitors come by https.
    """

    address: str
    port: int
    ports: tuple[int, ...]
    proxies: tuple[str, ...]
    largest: int
    secure: bool

    @property
    def bind(self) -> str:
        """The address and the port as both proxies write them."""
        host = LOOPBACK if self.address == "localhost" else self.address.strip("[]")
        try:
            parsed = ip_address(host)
        except ValueError:
            raise WrongUse(
                f"{self.address!r} is no address. Write one such as 127.0.0.1, or 0.0.0.0 for all."
            ) from None
        return f"[{parsed}]:{self.port}" if parsed.version == 6 else f"{parsed}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether only this computer reaches the proxy."""
        return self.address == "localhost" or ip_address(self.address.strip("[]")).is_loopback


@dataclass(frozen=True)
class Proxy:
    """A program that can stand in front: `command` starts it with a config in a folder.

    It is ended by `SIGKILL` where it is `single`, else by a signal that its workers get too.
    """

    title: str
    file: str
    single: bool
    command: Callable[[str, Path], list[str]]
    config: Callable[[Plan, Path], str]


def found() -> tuple[Proxy, str]:
    """Return the first proxy that is installed, and its path; raises NotPossibleNow for none."""
    for name, proxy in PROXIES.items():
        path = shutil.which(name) or shutil.which(name, path=os.pathsep.join(ELSEWHERE))
        if path:
            return proxy, path
    raise NotPossibleNow(MISSING)


class _Config(Template):
    delimiter = "@"


def _text(file: str, **values: object) -> str:
    template = (Path(__file__).parent / file).read_text(encoding="utf-8")
    return _Config(template).substitute(values)


def _haproxy(plan: Plan, folder: Path) -> str:
    known = " ".join(plan.proxies) or NOBODY
    forwarded = "" if plan.is_local else f"""\
    acl known src {known}
    http-request set-header X-Forwarded-For %[src] unless known
    http-request set-header X-Forwarded-Proto http unless known
    http-request add-header X-Forwarded-For %[src] if known"""  # fmt: skip
    return _text(
        "haproxy.cfg",
        bind=plan.bind,
        forwarded=forwarded,
        cookie=COOKIE,
        kind='secure attr "SameSite=None" attr Partitioned' if plan.secure else "attr SameSite=Lax",
        health=HEALTH,
        servers="\n".join(
            f"    server replica{number} {LOOPBACK}:{port} cookie {number}"
            for number, port in enumerate(plan.ports, 1)
        ),
    )


def _nginx(plan: Plan, folder: Path) -> str:
    networks = "\n".join(f"        {network} 1;" for network in plan.proxies)
    forwarded = f"    geo $known {{\n        default 0;\n{networks}\n    }}" + _SAID
    headers = "" if plan.is_local else """\
            proxy_set_header X-Forwarded-For $said_for;
            proxy_set_header X-Forwarded-Proto $said_proto;"""  # fmt: skip
    return _text(
        "nginx.conf",
        folder=folder,
        user="user root;" if os.geteuid() == 0 else "",
        cookie=COOKIE,
        kind="Secure; SameSite=None; Partitioned" if plan.secure else "SameSite=Lax",
        forwarded="" if plan.is_local else forwarded,
        headers=headers,
        bind=plan.bind,
        largest=f"{(plan.largest >> 20) + BESIDE}m",
        servers="\n".join(
            f"        server {LOOPBACK}:{port} max_fails=1 fail_timeout=2s;" for port in plan.ports
        ),
    )


_SAID = """
    map $known $said_for {
        0 $remote_addr;
        1 $proxy_add_x_forwarded_for;
    }
    map $known $said_proto {
        0 http;
        1 $http_x_forwarded_proto;
    }"""
PROXIES = {
    "haproxy": Proxy(
        "HAProxy", "haproxy.cfg", True,
        lambda path, file: [path, "-db", "-f", str(file)], _haproxy,
    ),
    "nginx": Proxy(
        "nginx", "nginx.conf", False,
        lambda path, file: [path, "-e", "stderr", "-p", str(file.parent), "-c", str(file)], _nginx,
    ),
}  # fmt: skip
