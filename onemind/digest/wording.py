"""A digest as a page of HTML and as plain text: no pictures, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import quote, urlencode

from onemind.campaign import Scope
from onemind.digest.facts import Digest, Item, Part

MOST = 15  # departments under one heading
INK, QUIET, LINE, ACCENT = "#1d2b30", "#4d5c63", "#d8e0e3", "#0b5563"
NOTHING = "Nothing changed for any department."
_FONT = "font-family:Helvetica,Arial,sans-serif"


def home(base: str, scope: Scope) -> str:
    """Return the dashboard's address, narrowed to what of the scope an address can say."""
    chosen = {name: values for name, values in scope.chosen().items() if name != "department_id"}
    return f"{base}/?{urlencode(chosen, doseq=True)}" if chosen else f"{base}/"


def plain(digest: Digest, base: str = "", scope: Scope | None = None, unsubscribe: str = "") -> str:
    """Return a digest as plain text; without the dashboard's address it has no links."""
    lines = [digest.title, digest.span, ""]
    lines += [digest.sample, ""] if digest.sample else []
    lines += [digest.sentence, ""]
    lines += [f"{item.label}: {item.value}{_brackets(item.change)}" for item in digest.numbers]
    for part in digest.parts:
        lines += ["", f"{part.title.upper()}: {len(part.items):,} new, {part.now}"]
        lines += [f"- {item.name} ({item.place}): {item.words}" for item in part.items[:MOST]]
        lines += [f"- and {len(part.items) - MOST:,} more"] if len(part.items) > MOST else []
    lines += [] if digest.parts else ["", NOTHING]
    lines += ["", f"{digest.stand}."]
    lines += [f"Dashboard: {home(base, scope or Scope())}"] if base else []
    lines += [f"Unsubscribe: {unsubscribe}"] if unsubscribe else []
    return "\n".join(lines) + "\n"


def _brackets(change: str) -> str:
    return f" ({change})" if change else ""


def page(digest: Digest, base: str = "", scope: Scope | None = None, unsubscribe: str = "") -> str:
    """Return a digest as HTML with its styles inside; without an address it has no links."""
    body = "".join(_body(digest, base))
    foot = [escape(f"{digest.stand}.")]
    foot += [_link(home(base, scope or Scope()), "Open the dashboard")] if base else []
    foot += [_link(unsubscribe, "Unsubscribe")] if unsubscribe else []
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light">'
        f"<title>{escape(digest.title)}</title></head>\n"
        f'<body style="margin:0;padding:0;background:#f5f8f8;color:{INK};{_FONT}">'
        '<div style="max-width:640px;margin:0 auto;padding:24px 20px;background:#ffffff">\n'
        f'{body}<p style="margin:28px 0 0;padding-top:12px;border-top:1px solid {LINE};'
        f'font-size:13px;line-height:1.6;color:{QUIET}">{" &middot; ".join(foot)}</p>\n'
        "</div></body></html>\n"
    )


def _body(digest: Digest, base: str) -> Iterator[str]:
    yield f'<h1 style="margin:0;font-size:22px;line-height:1.3">{escape(digest.title)}</h1>\n'
    yield f'<p style="margin:4px 0 16px;color:{QUIET};font-size:14px">{escape(digest.span)}</p>\n'
    if digest.sample:
        yield (
            '<p style="margin:0 0 16px;padding:8px 12px;background:#fdf1d8;border:1px solid '
            f'#c98a1b;font-size:14px"><strong>{escape(digest.sample)}</strong></p>\n'
        )
    yield (
        '<p style="margin:0 0 16px;font-size:16px;line-height:1.5">'
        f"<strong>{escape(digest.sentence)}</strong></p>\n"
    )
    yield _numbers(digest)
    for part in digest.parts:
        yield "".join(_part(part, base))
    if not digest.parts:
        yield f'<p style="font-size:15px">{NOTHING}</p>\n'


def _numbers(digest: Digest) -> str:
    rows = "".join(
        f'<tr><td style="padding:5px 12px 5px 0;border-bottom:1px solid {LINE}">'
        f"{escape(item.label)}</td>"
        f'<td style="padding:5px 12px;border-bottom:1px solid {LINE};text-align:right">'
        f"<strong>{escape(item.value)}</strong></td>"
        f'<td style="padding:5px 0;border-bottom:1px solid {LINE};color:{QUIET};'
        f'text-align:right">{escape(item.change)}</td></tr>\n'
        for item in digest.numbers
    )
    return f'<table style="border-collapse:collapse;width:100%;font-size:15px">{rows}</table>\n'


def _part(part: Part, base: str) -> Iterator[str]:
    count = f"{len(part.items):,} new, {part.now}"
    yield (
        f'<h2 style="margin:24px 0 6px;font-size:17px">{escape(part.title)} '
        f'<span style="font-weight:normal;color:{QUIET};font-size:14px">{escape(count)}</span>'
        '</h2>\n<ul style="margin:0;padding-left:20px;font-size:15px;line-height:1.5">\n'
    )
    for item in part.items[:MOST]:
        yield (
            f"<li>{_department(item, base)}"
            f' <span style="color:{QUIET}">{escape(item.place)}</span>: {escape(item.words)}</li>\n'
        )
    if len(part.items) > MOST:
        yield f"<li>and {len(part.items) - MOST:,} more</li>\n"
    yield "</ul>\n"


def _department(item: Item, base: str) -> str:
    if not base:
        return f"<strong>{escape(item.name)}</strong>"
    return _link(f"{base}/department?id={quote(item.department_id, safe='')}", item.name)


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}" style="color:{ACCENT}">{escape(words)}</a>'
