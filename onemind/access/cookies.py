"""What the browser and the server call a session between them."""

from __future__ import annotations

COOKIES = ("__Host-onemind_session", "onemind_session")  # behind TLS, and without

LINK_COOKIES = ("__Host-onemind_link", "onemind_link")  # as those, of a share link

EMBED_COOKIE = "__Host-onemind_embed"  # of a share link within another site's page

FIRST_FOUND = (EMBED_COOKIE, *LINK_COOKIES, *COOKIES)  # a link goes before one's own session

IP_HEADER = "X-Onemind-Ip"  # the guard's word to the script; from elsewhere it is stripped
REQUEST_HEADER = "X-Onemind-Request"  # so is this: the id of the request in the log
