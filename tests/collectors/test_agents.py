"""User agents and their classes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.agents import MACHINES, TABLE_DATE, classify_mail, classify_page

_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0", "apple_proxy"),
        ("Mozilla/5.0 ", None),
        ("mozilla/5.0", None),
        (
            "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
            "google_image_proxy",
        ),
        ("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "yahoo_mail_proxy"),
        ("Mozilla/5.0 (compatible; Barracuda Sentinel (EE))", "scanner"),
        ("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Microsoft Outlook 16.0.17126)", "office"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0; Pro)", "office"),
        ("Outlook-iOS/723.4027091.prod.iphone (4.28.0)", "office"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.3", "mail_client"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME}", "browser"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
            "phone",
        ),
        ("python-requests/2.32", "tool"),
        ("something of its own", None),
        ("", None),
    ],
)
def test_what_reads_mail_is(agent: str, name: str | None) -> None:
    assert classify_mail(agent) == name


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "crawler"),
        ("Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)", "crawler"),
        ("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", "crawler"),
        ("Tiny Tiny RSS/1.11 (http://tt-rss.org/)", "crawler"),
        ("Feedbin - 1 subscribers", "crawler"),
        ("UptimeRobot/2.0; http://www.uptimerobot.com/", "crawler"),
        ("Blackbox-Monitor/1.0", "crawler"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {_CHROME.replace('Chrome', 'HeadlessChrome')}", "crawler"),
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "crawler"),
        ("curl/8.15.0", "tool"),
        ("Wget/1.21.4", "tool"),
        ("Python-urllib/3.11", "tool"),
        (f"Mozilla/5.0 (Linux; Android 14; CUBOT_X19) {_CHROME}", "phone"),
        (f"Mozilla/5.0 (Linux; Android 15) {_CHROME.replace('Safari', 'Mobile Safari')}", "phone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "browser"),
        ("Mozilla/5.0", None),
    ],
)
def test_what_asks_for_pages_is(agent: str, name: str | None) -> None:
    assert classify_page(agent) == name


def test_machines_are_told_from_what_people_look_through() -> None:
    assert {"crawler", "tool"} == MACHINES
    assert not MACHINES & {"browser", "phone", "office", "mail_client", "google_image_proxy", "yahoo_mail_proxy"}


def test_the_table_is_dated() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", TABLE_DATE)


@given(st.text(max_size=2000))
def test_an_agent_comes_out_as_a_class_or_as_nothing(agent: str) -> None:
    for name in (classify_mail(agent), classify_page(agent)):
        assert name is None or re.fullmatch(r"[a-z_]{1,64}", name)
