"""Access logs of a web server in NCSA's combined format (or common), where a single sign-on names the user: whoever
fetched a page viewed it. Which message a page is, is left to `metrics`."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote_from_bytes

import msgspec

from collectors.agents import MACHINES, classify_page
from collectors.decoder import Decoded, Skipped
from collectors.events import Event, Undecodable
from collectors.fields import check_text
from collectors.options import read_options
from collectors.references import canonical_url, message_reference
from collectors.source import Record
from collectors.times import SECONDS

MAX_LINE = 32_768  # bytes; servers accept a third of it in a request

_LINE = re.compile(
    rb"\S{1,255} \S{1,255} (?P<user>.{1,1024}?) "
    rb"\[(?P<minute>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d):(?P<second>[0-5]\d) (?P<zone>[+-][01]\d[0-5]\d)\] "
    rb'"(?P<request>[^"\\]*(?:\\.[^"\\]*)*)" (?P<status>\d{3}) (?:\d{1,19}|-)'
    rb'(?: "[^"\\]*(?:\\.[^"\\]*)*" "(?P<agent>[^"\\]*(?:\\.[^"\\]*)*)")?'
)
_REQUEST = re.compile(rb"(?P<method>[A-Z]{1,32}) (?P<target>\S.*?)(?: HTTP/\d(?:\.\d)?)?", re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_CONTROLS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_SITE = re.compile(r"https?://[^/?#@\s]+")
# Everything that may stand in a URL as it is; quoting leaves it alone and spells the rest.
_SAFE = "".join(map(chr, range(0x21, 0x7F)))
_SHOWN = frozenset({b"200", b"304"})
# What a page brings along with it.
_ASSETS = frozenset(
    {
        *("avif", "bmp", "css", "eot", "gif", "ico", "jpeg", "jpg", "js", "json", "map", "mjs", "mp3", "mp4"),
        *("ogg", "otf", "png", "svg", "tif", "tiff", "ttf", "txt", "wasm", "wav", "webm", "webmanifest"),
        *("webp", "woff", "woff2", "xml", "xsl"),
    }
)
_NAMES = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_TICK = timedelta(microseconds=1)
_ABSENT = frozenset({b"-", b"", b'""'})


class Options(msgspec.Struct, frozen=True):
    """`site`: scheme and host to put before every path (else the path alone is the reference). `parameters`: of the query,
    those that tell one page from another."""

    site: str = ""
    parameters: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.site and _SITE.fullmatch(self.site) is None:
            raise ValueError("scheme and host without a path, such as `https://intranet.example.org`")


class AccessLog:
    """Decoder; see `collectors.decoder`. GET with status 200 or 304 views a page; other methods and statuses and what pages
    bring along are skipped, under these words."""

    shows = frozenset({"viewed"})

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = read_options(options, Options)

    def decode(self, record: Record) -> Sequence[Decoded]:
        line = _match(record.body)
        if line["status"] not in _SHOWN:
            return [Decoded(Skipped("status"))]
        request = _REQUEST.fullmatch(_unescape(line["request"]))
        if request is None:
            raise Undecodable("bad_line", "a request without method and path")
        if request["method"] != b"GET":
            return [Decoded(Skipped("method"))]
        path = quote_from_bytes(request["target"], safe=_SAFE)
        if _is_asset(path):
            return [Decoded(Skipped("asset"))]
        agent = _find_agent(line["agent"])
        event = Event(
            action="viewed",
            message=self._refer(path),
            occurred_at=_read_minute(line["minute"], line["zone"]) + int(line["second"]) * SECONDS,
            received_at=record.received_at,
            evidence="server_log",
            machine="likely" if agent in MACHINES else "unknown",
            agent=agent,
        )
        return [Decoded(event, _find_user(line["user"]))]

    def _refer(self, path: str) -> str:
        if path.startswith("/"):
            path = f"{self._options.site}{path}"
        elif not _SITE.match(path):
            raise Undecodable("bad_line", "a request for neither a path nor a URL")
        # Where there is no site a path is a reference of its own: no URL, but it loses its query like one.
        return message_reference(canonical_url(path, self._options.parameters), self._options.parameters)


def _match(body: bytes) -> re.Match[bytes]:
    if len(body) > MAX_LINE:
        raise Undecodable("too_large", f"a line of more than {MAX_LINE} bytes")
    line = body.strip()
    if not line:
        raise Undecodable("empty", "nothing there to read")
    found = _LINE.fullmatch(line)
    if found is None:
        raise Undecodable("bad_line", "not the combined or common format, or cut short")
    return found


def _unescape(text: bytes) -> bytes:
    """What servers write as `\\"`, `\\\\`, `\\n` and `\\xhh`."""
    return _ESCAPE.sub(_original, text) if b"\\" in text else text


def _original(escape: re.Match[bytes]) -> bytes:
    if escape[1] is not None:
        return bytes([int(escape[1], 16)])
    return _CONTROLS.get(escape[2], escape[2])


def _is_asset(path: str) -> bool:
    name = path.partition("#")[0].partition("?")[0].rpartition("/")[2]
    return name.rpartition(".")[2].lower() in _ASSETS and "." in name


def _find_user(text: bytes) -> str | None:
    if text in _ABSENT:
        return None
    try:
        return check_text(_unescape(text).decode(), "user")
    except UnicodeDecodeError:
        raise Undecodable("bad_utf8", "user: not UTF-8") from None


def _find_agent(text: bytes | None) -> str | None:
    if text is None or text in _ABSENT:
        return None
    return classify_page(_unescape(text).decode(errors="replace"))


@lru_cache(maxsize=4096)
def _read_minute(text: bytes, zone: bytes) -> int:
    """Microseconds of `17/May/2015:10:05` at `+0000`. Not by strptime: a log's months are English whatever the locale."""
    day, month, rest = text.split(b"/")
    year, hour, minute = rest.split(b":")
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    try:
        moment = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), tzinfo=UTC)
    except (KeyError, ValueError):
        raise Undecodable("bad_time", "no day or time of that name") from None
    return (moment - datetime(1970, 1, 1, tzinfo=UTC) - (-offset if zone.startswith(b"-") else offset)) // _TICK
