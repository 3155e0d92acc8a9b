"""The command that starts the dashboard as several processes behind one address."""

from __future__ import annotations

import argparse
import json

from onemind import replicas

FINE = 0


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare what `serve` takes."""
    command.add_argument(
        "--workers", type=_workers, default=2, help="how many processes (default %(default)s)"
    )
    command.add_argument("--port", type=_port, default=8501, help="port (default %(default)s)")
    command.add_argument(
        "--address", default="127.0.0.1", help="address to listen on (default: this computer only)"
    )


def _workers(text: str) -> int:
    if not text.isdigit() or not text.isascii() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of processes from 1 to 64")
    return int(text)


def _port(text: str) -> int:
    if not text.isdigit() or not text.isascii() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port; write one such as 8501")
    return int(text)


def serve(args: argparse.Namespace) -> int:
    """Serve until it is stopped; refused on an address that others reach without a sign-in."""

    def tell(address: str) -> None:
        known = {"address": address, "workers": args.workers}
        line = f"The dashboard is at {address}, with {args.workers} processes behind it."
        print(json.dumps(known) if args.json else line, flush=True)

    replicas.serve(args.address, args.port, args.workers, tell)
    return FINE
