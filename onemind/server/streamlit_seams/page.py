"""The page that carries the app, as Streamlit ships it, with a few things put right on the way out.

Its title is ours before the first script run. It is told where the server is: opened at a page's
own address it would otherwise try that address as the server's first, and log errors for it. And
when its websocket is closed because the session has ended, it loads itself again, which leads to
signing in, or to the word that a link has ended. In wall mode it gets its timer (`kiosk`). The
style sheet is part of it, so that nothing is seen without it; so are the tags of a public view.

One act of the reader makes one place to go back to: Streamlit writes the next page's parameters
behind the old page's address first, where nobody has been.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onemind.server.streamlit_seams.seams import is_on
from onemind.ui.shell import style

STREAMLITS = b"<title>Streamlit</title>"
TITLE = b"<title>One Mind Campaign</title>"
WHERE = b"""<script>
      window.__streamlit = { BACKEND_BASE_URL: window.location.origin + "/" }
      window.WebSocket = class extends window.WebSocket {
        constructor(...given) {
          super(...given)
          this.addEventListener("close", async ({ code }) => {
            const answer = code === 4401 || fetch("/api/session", { cache: "no-store" })
            if (answer === true || (await answer.catch(() => null))?.status === 401) {
              window.location.reload()
            }
          })
        }
      }
      let acted = false
      for (const name of ["pointerdown", "keydown", "popstate"]) {
        window.addEventListener(name, () => { acted = true }, true)
      }
      const push = window.history.pushState.bind(window.history)
      const replace = window.history.replaceState.bind(window.history)
      window.history.pushState = (...given) => {
        if (acted) { push(...given) } else { replace(...given) }
        acted = false
      }
      if (new URLSearchParams(window.location.search).has("kiosk")) import("/api/kiosk.js")
    </script>
"""


STYLE = f"<style>{style.sheet()}</style></head>".encode()


class OwnPage:
    """Rewrite the HTML page; everything else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold back an HTML answer until it is whole, then send it rewritten."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        await self.app(_plain(scope), receive, _Rewriting(send, scope.get("onemind_tags", b"")))


def _plain(scope: Scope) -> Scope:
    """Ask for the page uncompressed, so that it can be rewritten."""
    headers = dict(scope["headers"])
    if b"text/html" not in headers.get(b"accept", b""):
        return scope
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": kept}


def rewritten(body: bytes, tags: bytes = b"") -> bytes:
    """Return Streamlit's page as we send it, with its tags; any other page stays as it is."""
    if STREAMLITS not in body or not is_on("page"):
        return body
    return body.replace(STREAMLITS, TITLE).replace(b"</head>", tags + WHERE + STYLE, 1)


class _Rewriting:
    def __init__(self, send: Send, tags: bytes) -> None:
        self.send, self.tags = send, tags
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self.start = message
        elif self.start is None:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self.start)

    async def _finish(self, start: Message) -> None:
        body = rewritten(self.body, self.tags)
        headers = MutableHeaders(raw=list(start["headers"]))
        if self.body:
            headers["content-length"] = str(len(body))
        for name in ("etag", "last-modified"):  # they are of the page as it was
            if name in headers and (body != self.body or not body):
                del headers[name]
        await self.send({**start, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": body})


def _is_page(message: Message) -> bool:
    headers = MutableHeaders(raw=list(message["headers"]))
    return message["status"] == 200 and headers.get("content-type", "").startswith("text/html")
