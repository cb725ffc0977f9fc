"""Access logs: who viewed which page, and what is none."""

from typing import Any

import pytest

from collectors.decoder import Decoded, Skipped
from collectors.decoders.access_log import AccessLog
from collectors.events import Event
from collectors.source import Record
from tests.collectors.good_records import LOG_LINE

EIGHT_FIFTEEN = 1_793_607_300 * 1_000_000


def understand(line: str | bytes, **options: Any) -> Decoded:
    body = line if isinstance(line, bytes) else line.encode()
    (element,) = AccessLog(options).decode(Record(0, body))
    return element


def event_of(line: str | bytes, **options: Any) -> Event:
    outcome = understand(line, **options).outcome
    assert isinstance(outcome, Event)
    return outcome


def request(text: str, status: int = 200) -> str:
    return LOG_LINE.replace("GET /news/41 HTTP/1.1", text).replace(" 200 ", f" {status} ")


def test_a_signed_in_person_viewed_a_page() -> None:
    element = understand(LOG_LINE)
    expected = Event("viewed", "/news/41", occurred_at=EIGHT_FIFTEEN, evidence="server_log", agent="browser")
    assert element == Decoded(expected, "anna")


def test_the_common_format_tells_no_agent() -> None:
    event = event_of(LOG_LINE.partition(' "-"')[0])
    assert (event.message, event.agent) == ("/news/41", None)


@pytest.mark.parametrize("end", ["\n", "\r\n", " "], ids=["line feed", "both", "space"])
def test_what_ends_a_line_is_no_part_of_it(end: str) -> None:
    assert event_of(LOG_LINE + end) == event_of(LOG_LINE)


@pytest.mark.parametrize("user", ["-", '""'])
def test_without_a_user_it_is_traffic(user: str) -> None:
    assert understand(LOG_LINE.replace("anna", user)).identifier is None


@pytest.mark.parametrize(
    ("logged", "user"),
    [(r"EXAMPLE\\anna", r"EXAMPLE\anna"), ("anna smith", "anna smith"), (r"zo\xc3\xab", "zoë"), ("zoë", "zoë")],
)
def test_a_user_is_who_signed_in(logged: str, user: str) -> None:
    assert understand(LOG_LINE.replace("anna", logged)).identifier == user


@pytest.mark.parametrize(
    ("target", "reference"),
    [
        ("/news/41?ref=mail", "https://h.example.org/news/41"),
        ("/news/41#top", "https://h.example.org/news/41"),
        ("/view?id=41&u=anna", "https://h.example.org/view?id=41"),
        ("https://News.example.org/a?u=1", "https://news.example.org/a"),
        (r"/caf\xc3\xa9", "https://h.example.org/caf%C3%A9"),
        (r"/a\"b\\c", 'https://h.example.org/a"b\\c'),
        ("/a b", "https://h.example.org/a%20b"),
        (r"/a\x00b", "https://h.example.org/a%00b"),
        ("//evil.example.com/x", "https://h.example.org//evil.example.com/x"),
    ],
)
def test_a_page_is_called(target: str, reference: str) -> None:
    line = request(f"GET {target} HTTP/1.1")
    assert event_of(line, site="https://H.example.org", parameters=["id"]).message == reference


@pytest.mark.parametrize(
    ("target", "reference"),
    [
        ("/news/41?user=anna@example.org", "/news/41"),
        ("/news/41#top", "/news/41"),
        ("/view?u=anna&id=41", "/view?id=41"),
        ("//h.example.org/x?u=anna", "//h.example.org/x"),
        ("/a://b?u=anna", "/a://b"),
    ],
)
def test_a_path_without_a_site_loses_its_query_like_a_url(target: str, reference: str) -> None:
    assert event_of(request(f"GET {target} HTTP/1.1"), parameters=["id"]).message == reference


@pytest.mark.parametrize(
    ("line", "word"),
    [
        pytest.param(request("HEAD /news/41 HTTP/1.1"), "method", id="HEAD never counts"),
        pytest.param(request("POST /news/41 HTTP/1.1"), "method", id="a POST"),
        pytest.param(request("GET /news/41 HTTP/1.1", 404), "status", id="not found"),
        pytest.param(request("GET /news/41 HTTP/1.1", 302), "status", id="sent elsewhere"),
        pytest.param(request("GET /news/41 HTTP/1.1", 206), "status", id="a part"),
        pytest.param(request("-", 408), "status", id="no request at all"),
        pytest.param(request(r"\x16\x03\x01", 400), "status", id="encryption where none is spoken"),
        pytest.param(request("GET /a/style.CSS?v=3 HTTP/1.1"), "asset", id="a style sheet"),
        pytest.param(request("GET /favicon.ico HTTP/1.1"), "asset", id="an icon"),
        pytest.param(request("GET /robots.txt HTTP/1.1"), "asset", id="what robots ask for"),
    ],
)
def test_what_is_no_view_is_skipped(line: str, word: str) -> None:
    assert understand(line) == Decoded(Skipped(word))


@pytest.mark.parametrize("target", ["/", "/news.css/41", "/png", "/report.pdf", "/a.html?x=style.css"])
def test_what_only_looks_like_an_asset_is_a_page(target: str) -> None:
    assert event_of(request(f"GET {target} HTTP/1.1")).action == "viewed"


def test_a_page_not_modified_is_viewed_again() -> None:
    assert event_of(request("GET /news/41 HTTP/2.0", 304)).action == "viewed"


def test_crawlers_and_tools_are_machines_likely_and_browsers_are_not() -> None:
    agents = {"Googlebot/2.1": ("crawler", "likely"), "curl/8.15.0": ("tool", "likely"), "-": (None, "unknown")}
    for agent, expected in agents.items():
        event = event_of(LOG_LINE.replace("Mozilla/5.0 (X11) Firefox/140.0", agent))
        assert (event.agent, event.machine) == expected
    assert event_of(LOG_LINE).machine == "unknown"


@pytest.mark.parametrize(
    ("logged", "after"),
    [
        ("02/Nov/2026:08:15:00 +0000", 0),
        ("02/Nov/2026:09:15:59 +0100", 59),
        ("02/Nov/2026:04:45:00 -0330", 0),
        ("29/Feb/2028:08:15:00 +0000", 484 * 86_400),
    ],
)
def test_a_time_is_read_with_its_offset(logged: str, after: int) -> None:
    line = LOG_LINE.replace("02/Nov/2026:08:15:00 +0000", logged)
    assert event_of(line).occurred_at == EIGHT_FIFTEEN + after * 1_000_000


@pytest.mark.parametrize(
    "site", ["intranet.example.org", "https://h.example.org/", "https://h/a", "ftp://h", "https://u@h"]
)
def test_a_site_is_scheme_and_host(site: str) -> None:
    with pytest.raises(ValueError, match="scheme and host without a path"):
        AccessLog({"site": site})
