"""Rows as a web server's access log, in the combined format with the signed-in user. One second is its resolution."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from collectors.simulation.book import Book
from collectors.simulation.disturbance import BAD_ACTION, BAD_TIME, CUT, FOREIGN, FOREIGN_LINE, NOT_UTF8
from collectors.simulation.parameters import SECOND, SITE
from collectors.simulation.traces import AGENTS, CRAWLER, SIGN_LIST, Rows, client_ip

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# What crawlers get to see, in turn.
_CRAWLED = ((200, "GET"), (200, "HEAD"), (404, "GET"), (200, "GET"))


def access_log_lines(rows: Rows, book: Book) -> Iterator[bytes]:
    """A line a request, without its line feed."""
    logins = book.identifiers["portal"]
    for _, at, number, person, serial, _, _, code, _, damage in rows.tolist():
        sign = SIGN_LIST[code]
        agent = sign.agent
        status, method = _CRAWLED[serial % len(_CRAWLED)] if agent == CRAWLER else (200, "GET")
        user = logins[person] if person >= 0 else "-"
        line = (
            f"{client_ip(person)} - {user} [{_local_time(at // SECOND)}] "
            f'"{method} {book.path(sign, number)} HTTP/1.1" {status} {4000 + serial % 4000} "{SITE}/" "{AGENTS[agent]}"'
        )
        yield _spoil(line, damage) if damage else line.encode()


def _local_time(second: int) -> str:
    minute, rest = divmod(second, 60)
    return f"{_minute_text(minute)}:{rest:02d} +0000"


@lru_cache(maxsize=4096)
def _minute_text(minute: int) -> str:
    # Not strftime: a log's months are English whatever the locale.
    moment = datetime.fromtimestamp(minute * 60, UTC)
    return f"{moment.day:02d}/{_MONTHS[moment.month - 1]}/{moment.year}:{moment.hour:02d}:{moment.minute:02d}"


def _spoil(line: str, damage: int) -> bytes:
    """A line that no parser should accept."""
    spoilt = {
        CUT: line[: line.index("[") + 8].encode(),
        FOREIGN: FOREIGN_LINE,
        NOT_UTF8: b"\xff\xfe" + line[:12].encode(),
        BAD_TIME: line.replace("/20", "/Foo/20", 1).encode(),
        BAD_ACTION: line.replace('"', "").encode(),
    }
    return spoilt[damage]
