"""Rows of what sources show: their shape, the signs they are made of, and how a message's rows are gathered.
Which acts leave which traces is left to `mail_traces` and `page_traces`, their spelling to the formats."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.company import NEVER, Flags, People
from collectors.simulation.hours import Times

STREAMS = ("email", "mailbox", "intranet", "portal", "chat", "survey")

DESKTOP, PHONE, PROXY, CRAWLER, GOOGLE, YAHOO = range(6)
AGENT_CLASSES = ("browser", "phone", "apple_proxy", "crawler", "google_image_proxy", "yahoo_mail_proxy")
"""What a source that tells classes of agents calls them."""
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
)


class Sign(NamedTuple):
    """What one source says happened, how it knows, and what it is about: a message, the action that a message wants, or an item.
    `scanned` is the truth alone: it was a scanner, which no source says."""

    stream: str
    action: str
    evidence: str
    agent: int = DESKTOP
    about: str = "message"
    scanned: bool = False


SIGNS: dict[str, Sign] = {
    "queued": Sign("email", "queued", "webhook"),
    "deferred": Sign("email", "deferred", "webhook"),
    "bounced": Sign("email", "bounced", "webhook"),
    "rejected": Sign("email", "rejected", "webhook"),
    "delivered": Sign("email", "delivered", "webhook"),
    "opened": Sign("email", "opened", "pixel"),
    "opened on a phone": Sign("email", "opened", "pixel", PHONE),
    "opened by a proxy": Sign("email", "opened", "pixel", PROXY),
    "opened through Google": Sign("email", "opened", "pixel", GOOGLE),
    "opened through Yahoo": Sign("email", "opened", "pixel", YAHOO),
    "opened by a scanner": Sign("email", "opened", "pixel", scanned=True),
    "clicked": Sign("email", "clicked", "webhook"),
    "clicked by a scanner": Sign("email", "clicked", "webhook", scanned=True),
    "replied by mail": Sign("mailbox", "replied", "api"),
    "autoreplied": Sign("mailbox", "autoreplied", "api"),
    "viewed": Sign("intranet", "viewed", "server_log"),
    "read": Sign("intranet", "read", "heartbeat"),
    "attended": Sign("intranet", "attended", "heartbeat"),
    "commented": Sign("intranet", "commented", "api"),
    "reacted": Sign("intranet", "reacted", "api"),
    "unreacted": Sign("intranet", "unreacted", "api"),
    "shared": Sign("intranet", "shared", "api"),
    "acknowledged": Sign("intranet", "acknowledged", "api"),
    "solved": Sign("intranet", "answered", "api"),
    "found useful": Sign("intranet", "rated", "api"),
    "raised": Sign("intranet", "raised", "api", about="item"),
    "item answered": Sign("intranet", "answered", "api", about="item"),
    "item decided": Sign("intranet", "decided", "api", about="item"),
    "item implemented": Sign("intranet", "implemented", "api", about="item"),
    "item recognised": Sign("intranet", "recognised", "api", about="item"),
    "published": Sign("intranet", "message.published", "api"),
    "requested": Sign("portal", "viewed", "server_log"),
    "crawled": Sign("portal", "viewed", "server_log", agent=CRAWLER),
    "opened in chat": Sign("chat", "opened", "api"),
    "replied in chat": Sign("chat", "replied", "api"),
    "reacted in chat": Sign("chat", "reacted", "api"),
    "unreacted in chat": Sign("chat", "unreacted", "api"),
    "invited": Sign("survey", "delivered", "api"),
    "invitation bounced": Sign("survey", "bounced", "api"),
    "went there": Sign("portal", "viewed", "server_log", about="action"),
    "signed up": Sign("survey", "answered", "api", about="action"),
    "opened the survey": Sign("survey", "opened", "api"),
    "rated": Sign("survey", "rated", "api"),
}
SIGN_LIST = tuple(SIGNS.values())
STREAM_OF_SIGN = np.array([STREAMS.index(sign.stream) for sign in SIGN_LIST], dtype=np.uint8)
ABOUT_MESSAGES = np.array([sign.about == "message" for sign in SIGN_LIST])
_CODES = {name: code for code, name in enumerate(SIGNS)}

ANONYMOUS = -1
# `arrival`: when the line is written; `at`: when it happened; `message`: a message's number, a position in PAGES, or the day on
# which an item was raised; `detail`: the link, reaction, question or version it is about; `value`: seconds, a rating, a position of
# an option, or the item's place in its day;
# `serial`: its place among the message's rows; `copy`: 1 where it repeats another; `damage`: 0, or how its line is spoilt.
ROW = np.dtype(
    [
        ("arrival", np.int64),
        ("at", np.int64),
        ("message", np.int32),
        ("person", np.int32),
        ("serial", np.int32),
        ("value", np.float32),
        ("detail", np.int16),
        ("sign", np.uint8),
        ("copy", np.uint8),
        ("damage", np.uint8),
    ]
)
Rows = NDArray[np.void]


def sign_code(name: str) -> int:
    return _CODES[name]


class Traces:
    """The rows of one message, gathered."""

    def __init__(self) -> None:
        self._parts: list[Rows] = []

    def add(
        self,
        sign: str,
        people: People,
        moments: Times,
        *,
        detail: int | NDArray[np.int64] = 0,
        value: float | NDArray[np.float64] = 0.0,
    ) -> None:
        """A row for everybody whose moment is not NEVER; arrays of one length."""
        part = np.zeros(len(people), dtype=ROW)
        part["person"], part["at"], part["sign"] = people, moments, sign_code(sign)
        part["detail"], part["value"] = detail, value
        self._parts.append(part[moments < NEVER])

    def rows(self, message: int) -> Rows:
        """All of them, numbered, in the order they were added; nothing has arrived yet."""
        rows = np.concatenate(self._parts) if self._parts else np.zeros(0, dtype=ROW)
        rows["message"] = message
        rows["serial"] = np.arange(len(rows))
        return rows


def only(chosen: Flags, moments: Times) -> Times:
    """The moments of those chosen, NEVER for the others."""
    return np.where(chosen, moments, NEVER)


def client_ip(person: int) -> str:
    """Where a person's requests come from: an address of a private network."""
    place = person + 1
    return f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}"
