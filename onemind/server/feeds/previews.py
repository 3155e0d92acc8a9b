"""What a chat or mail is told of a share link that somebody pasted into it: no session, no use.

Programs that look at links for their readers say so in their User-Agent. They get a page of tags
alone; a browser that says the same would get that page, too, and nothing else.
"""

from __future__ import annotations

import re

from starlette.responses import Response

from onemind import feeds, runtime
from onemind.access import User
from onemind.access.sessions import partner
from onemind.appdb import Link
from onemind.errors import OneMindError
from onemind.feeds import Summary
from onemind.server.exchange import Caller, page
from onemind.server.feeds.reader import NOINDEX, base, now
from onemind.server.feeds.routes import rests_on
from onemind.server.feeds.shelf import SHELF

SCANNERS = re.compile(
    r"bingbot|bluesky|cardyb|discordbot|embedly|facebookexternalhit|facebot|google-pagerenderer"
    r"|google-read-aloud|googlebot|googleimageproxy|iframely|linkedinbot|mastodon|mattermost"
    r"|outlook-?(link|url)preview|pinterestbot|redditbot|rocket\.chat|skypeuripreview|slack-imgproxy"
    r"|slackbot|synapse|teams-?(link|url)preview|telegrambot|twitterbot|viber|vkshare|whatsapp"
    r"|zulipurlpreview",
    re.I,
)
PRODUCT = Summary("One Mind Campaign")


def is_scanner(caller: Caller) -> bool:
    """Whether it is a program that looks at a link for somebody else."""
    return caller.method in ("GET", "HEAD") and bool(SCANNERS.search(caller.agent))


def preview(caller: Caller, token: str, link: Link) -> Response | None:
    """Return the page of tags that a scanner gets of a link; None for everybody else."""
    if not is_scanner(caller):
        return None
    user = partner(link, now())
    told = PRODUCT if user is None or link.passphrase is not None else _summary(user, link.label)
    image = f"{base(caller)}/feeds/{token}/picture.png"
    answer = page("preview.html", told.title, tags=feeds.tags(told, image), words=told.words)
    answer.headers.update(NOINDEX)
    return answer


def _summary(user: User, label: str) -> Summary:
    return summarized(user, label) or Summary(label)


def summarized(user: User, label: str) -> Summary | None:
    """Return what is said of what somebody sees; None while nothing can be."""
    try:
        standing = feeds.standing(runtime.store(), user.sight, runtime.today(), user.pages)
        key = (*rests_on(standing), "summary", label)
        return SHELF.once(key, lambda: feeds.summary(standing, label))
    except OneMindError:
        return None
