"""Plain pages around the dashboard: signing in, refusals. No script, nothing from elsewhere."""

from __future__ import annotations

from html import escape

from starlette.responses import HTMLResponse

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'self'; base-uri 'none'"
)
STYLE = """
:root { color-scheme: light dark; --ink: #1d2b30; --ground: #f3f6f7; --paper: #fff;
  --line: #d5dee1; --brand: #0b5563; --on: #fff; --bad: #8f2f1d; --quiet: #51636a }
@media (prefers-color-scheme: dark) { :root { --ink: #e4ecee; --ground: #12191c; --paper: #1b2529;
  --line: #33434a; --brand: #5fb8c4; --on: #10191c; --bad: #f0a08f; --quiet: #a3b4ba } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  background: var(--ground); color: var(--ink);
  font: 16px/1.5 "Source Sans", system-ui, sans-serif }
main { width: 100%; max-width: 26rem; background: var(--paper); border: 1px solid var(--line);
  border-radius: 10px; padding: 2rem }
header { display: flex; gap: .6rem; align-items: center; color: var(--quiet); font-weight: 600;
  margin-bottom: 1.25rem }
header img { width: 28px; height: 28px }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem }
p { margin: 0 0 1rem } p:last-child { margin-bottom: 0 }
label { display: block; font-weight: 600; margin: 0 0 .25rem }
input { width: 100%; font: inherit; color: inherit; background: var(--ground); margin: 0 0 1rem;
  padding: .6rem .7rem; border: 1px solid var(--quiet); border-radius: 6px }
button, .button { display: block; width: 100%; font: inherit; font-weight: 600; text-align: center;
  padding: .65rem 1rem; border: 1px solid var(--brand); border-radius: 6px; cursor: pointer;
  background: var(--brand); color: var(--on); text-decoration: none; margin: 0 0 .75rem }
.plain { background: transparent; color: var(--brand) }
a { color: var(--brand) }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px }
.bad { border-left: 4px solid var(--bad); padding-left: .75rem; color: var(--bad) }
.or { display: flex; align-items: center; gap: .75rem; color: var(--quiet); margin: 1rem 0 }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line) }
small { color: var(--quiet) }
"""


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """Return a page; `body` is HTML whose texts are escaped already."""
    text = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · One Mind Campaign</title><link rel="icon" href="/icon.png">
<style>{STYLE}</style></head>
<body><main><header><img src="/icon.png" alt=""> One Mind Campaign</header>
<h1>{escape(title)}</h1>
{body}
</main></body></html>
"""
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(text, status, headers)


def says(title: str, text: str, status: int, *links: tuple[str, str]) -> HTMLResponse:
    """Return a page that says one thing, with links (address, words) under it."""
    shown = "".join(
        f'<a class="button plain" href="{escape(address)}">{escape(words)}</a>'
        for address, words in links
    )
    return page(title, f"<p>{escape(text)}</p>{shown}", status)
