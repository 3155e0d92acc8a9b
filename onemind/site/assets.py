"""The files that every site has, each named after its content: style, script, charts, the icon.

`files/charts.min.js` is Plotly's JavaScript with the few kinds of traces that our figures use; how
it was made is in files/README.md.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from onemind.drawing import charts, palette
from onemind.drawing.maps.frame import CONFIG
from onemind.drawing.palette import ACCENT, CARD, INK, LINE, LINK, PAGE, QUIET
from onemind.settings import ICON
from onemind.site.figures import script_json

FILES = Path(__file__).parent / "files"
COLORS = {
    "ink": INK, "page": PAGE, "card": CARD, "line": LINE, "accent": ACCENT, "link": LINK,
    "quiet": QUIET,
}  # fmt: skip
CODE = Path(__file__).parents[1]
READ = (".py", ".toml", ".sql", ".html", ".css", ".js", ".csv")


@cache
def assets() -> dict[str, bytes]:
    """Return the files by path: "assets/site.0123456789ab.css"."""
    made = {
        "site.css": _style(),
        "site.js": _text("site.js"),
        "charts.js": _charts(),
        "icon.png": ICON.read_bytes(),
    }
    return {f"assets/{_named(name, content)}": content for name, content in made.items()}


@cache
def asset(name: str) -> str:
    """Return the path of a file by what it is called here: "site.css"."""
    stem, _, ending = name.partition(".")
    return next(path for path in assets() if path.startswith(f"assets/{stem}.")
                and path.endswith(f".{ending}"))  # fmt: skip


def _named(name: str, content: bytes) -> str:
    stem, _, ending = name.partition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"


def _text(name: str) -> bytes:
    return (FILES / name).read_bytes()


def _style() -> bytes:
    """The colors of the palette, light and dark, and the rules."""
    light, dark = _colors(False), _colors(True)
    scheme = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    return f":root {{ {light} }}\n{scheme}\n".encode() + _text("site.css")


def _colors(dark: bool) -> str:
    named = COLORS | {f"stage-{name}": pair for name, pair in palette.STAGE_COLORS.items()}
    named |= {f"status-{name}": pair for name, pair in palette.STATUS_COLORS.items()}
    return " ".join(f"--{name}: {pair[dark]};" for name, pair in named.items())


def _charts() -> bytes:
    """Plotly's JavaScript, and what all figures share: template, settings, colors in the dark."""
    shared = {
        "template": charts.prepared.template(),
        "config": CONFIG | {"responsive": True},
        "dark": palette.in_the_dark(),
    }
    return _text("charts.min.js") + f"\nonemind.share({script_json(shared)});\n".encode()


@cache
def code() -> str:
    """Return a digest of the program: another program may make other pages of the same data."""
    digest = hashlib.sha256()
    for path in sorted(CODE.rglob("*")):
        if path.suffix in READ and path.is_file():
            digest.update(path.relative_to(CODE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
