"""User agents to classes, by a written and dated table: the class is all that leaves a decoder, the agent itself never does.
What a class means for a person or a machine is left to the rules of `metrics`."""

import re
from functools import lru_cache

TABLE_DATE = "2026-11-22"
# Besides, a source that knows networks may say `microsoft_network`: no agent tells it.

CRAWLER = "crawler"
TOOL = "tool"
MACHINES = frozenset({CRAWLER, TOOL})
"""Classes that no person looks through: their views of a page are machines', likely."""

# Agents longer than this are told by their beginning.
_LONGEST = 512

# First match wins. Proxies of mail services name themselves, or, as Apple's, say nothing at all; the two caches of images
# (Google, Yahoo) fetch when somebody opens. Source: indicators.md, section 4.
_MAIL = (
    ("apple_proxy", r"(?-i:\AMozilla/5\.0\Z)"),
    ("google_image_proxy", r"GoogleImageProxy"),
    ("yahoo_mail_proxy", r"YahooMailProxy"),
    ("scanner", r"Barracuda|Mimecast|Proofpoint|Symantec|MessageLabs|TrendMicro|Sophos|SafeLinks|urldefense"),
    ("office", r"Microsoft Office|Microsoft Outlook|\bMSOffice\b|Outlook-(?:iOS|Android)|OneOutlook"),
    ("mail_client", r"Thunderbird|Lotus-Notes|HCL[ -]Notes|Evolution/|Airmail|SamsungEmail|Superhuman|eM Client"),
)
_COMMAND_LINE = (
    TOOL,
    r"\A(?:curl|wget|libwww|lwp|python|go-http|java/|okhttp|apache-httpclient|http_request|ruby|php|perl|axios|node|httpie"
    r"|winhttp|powershell|postman|insomnia|chef client|ansible|apt|debian apt|pip/|git/|portscout|fetch |microsoft office)"
    r"|python-(?:requests|urllib)|aiohttp|guzzle|libfetch",
)
# Words that robots use of themselves (a Cubot is a telephone), what hints at an address for complaints, and some names.
_CRAWLERS = (
    CRAWLER,
    r"(?<!cu)bot\b|(?<!cu)bot[/_;-]|\bbots\b|robo|crawl|spider|slurp|scrap(?:er|y)|archiv|index(?:er|ing)|preview"
    r"|feed|\brss\b|\batom\b|subscribers|readers\)|reader\.com|liferea|aggregator|livejournal|spinn3r|newsify|reeder"
    r"|monitor|uptime|pingdom|statuscake|nagios|zabbix|checker|sleuth|validator|lighthouse|headless|phantomjs|selenium"
    r"|externalhit|favicon|proxy/|ezooms|nutch|siteexplorer|netcraft|mediapartners|embedly|\+ ?https?://",
)
_BROWSERS = (
    ("phone", r"\biPhone\b|\biPad\b|\biPod\b|\bAndroid\b|\bMobile\b|Windows Phone|BlackBerry|Opera Mini"),
    (
        "browser",
        r"Firefox/|Chrome/|Chromium/|Safari/|\bMSIE |Trident/|Edge?/|Opera[/ ]|OPR/|Gecko/|WebKit/|Lynx|Links ",
    ),
)

_Table = tuple[tuple[str, re.Pattern[str]], ...]


def _compile(*tables: tuple[tuple[str, str], ...]) -> _Table:
    return tuple((name, re.compile(words, re.IGNORECASE)) for table in tables for name, words in table)


_IN_MAIL = _compile(_MAIL, (_COMMAND_LINE,), _BROWSERS)
_ON_PAGES = _compile((_COMMAND_LINE, _CRAWLERS), _BROWSERS)


@lru_cache(maxsize=4096)
def _in_mail(agent: str) -> str | None:
    return _first(agent, _IN_MAIL)


@lru_cache(maxsize=4096)
def _on_pages(agent: str) -> str | None:
    return _first(agent, _ON_PAGES)


def _first(agent: str, table: _Table) -> str | None:
    return next((name for name, words in table if words.search(agent)), None)


def classify_mail(agent: str) -> str | None:
    """The class of what loaded a picture or followed a link of a mail; None where the table knows none."""
    return _in_mail(agent[:_LONGEST])


def classify_page(agent: str) -> str | None:
    """The class of what asked a web server for a page; None where the table knows none."""
    return _on_pages(agent[:_LONGEST])
