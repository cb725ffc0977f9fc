"""The kinds of messages a company sends, week in, week out, each with its true rates. When they are sent is left to `plan`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from collectors.simulation.parameters import SITE

ROTATING = ("Sales", "Service", "Engineering", "Logistics", "Finance")
OWNERS: Mapping[str, str] = {
    "internal communications": "People",
    "executive office": "Executive Office",
    "people team": "People",
    "operations": "Production",
    "product marketing": "Sales",
    "safety officer": "Logistics",
}
"""Roles that coordinate messages, and the department whose head sends them."""


@dataclass(frozen=True)
class Question:
    """`options` with the `correct` one, which the share `knowledge` of people truly know while the others guess; or a scale from
    `lowest` to `highest`, with the true `mean` of the ratings."""

    id: str
    mean: float = 0.0
    knowledge: float = 0.0
    options: tuple[str, ...] = ()
    correct: str = ""
    lowest: int = 0
    highest: int = 0

    @property
    def is_scale(self) -> bool:
        return not self.options


@dataclass(frozen=True)
class Template:
    """One kind of message. Rates: `attention` of the audience look at it; of those, the other rates do more (`answer`: its quiz or
    its survey, `rate`: the scale that an article ends with, `share`: pass it on to the world outside).

    `weekday` 0 is Monday; sent every `every_weeks` weeks, in week `phase` of them, at `hour` local time.
    `audience`: all, leaders, first wave, department (one in turn), site (one in turn), or shop floor.
    `described`: where the catalogue learns of it: in a `file`, by an `event`, or `nowhere`.
    `host`: whose pages an intranet message, or one that is `also_page`, stands on: the news site reports how long people read, the
    portal writes an access log. `content_of`: the kind whose message of the same week it repeats. `is_cascade`: managers pass it on.
    `action`: what it wants people to do, go to a `page` or answer a `form`; some do so `unprompted`, the message has the share
    `prompted` of those who met it do it too. `carries_id`: its events bear our id, else only what the sending system calls it.
    """

    name: str
    title: str
    channel: str
    topic: str
    purpose: str
    owner: str
    weekday: int
    every_weeks: int
    phase: int
    hour: int
    words: tuple[int, int]
    attention: float
    audience: str = "all"
    setting: str = "formal"
    goal: str = ""
    links: int = 0
    click: float = 0.0
    reply: float = 0.0
    react: float = 0.0
    acknowledge: float = 0.0
    answer: float = 0.0
    rate: float = 0.0
    share: float = 0.0
    expects: tuple[str, ...] = ()
    due_days: int = 0
    remind_days: tuple[int, ...] = ()
    described: str = "file"
    host: str = "news"
    also_page: bool = False
    carries_id: bool = True
    urgent: bool = False
    language: str = "en"
    questions: tuple[Question, ...] = ()
    content_of: str = ""
    is_cascade: bool = False
    action: str = ""
    unprompted: float = 0.0
    prompted: float = 0.0

    @property
    def has_page(self) -> bool:
        return self.channel == "intranet" or self.also_page


_PULSE = (
    Question("clear", 3.8, lowest=1, highest=5),
    Question("role", 3.6, lowest=1, highest=5),
    Question("recommend", 7.4, lowest=0, highest=10),
)
_QUIZ = (
    Question("exit", knowledge=0.75, options=("a", "b", "c", "d"), correct="b"),
    Question("alarm", knowledge=0.9, options=("yes", "no"), correct="no"),
    Question("helmet", knowledge=0.45, options=("always", "outside", "never"), correct="always"),
)
_UNDERSTOOD = (
    Question("goal", knowledge=0.6, options=("grow", "save", "merge", "move"), correct="grow"),
    Question("useful", mean=3.4, lowest=1, highest=5),
)
_USEFUL = (Question("useful", mean=3.9, lowest=1, highest=5),)
_COMMUNICATIONS, _EXECUTIVE, _PEOPLE, _OPERATIONS, _PRODUCTS, _SAFETY = OWNERS

# fmt: off
TEMPLATES: tuple[Template, ...] = (
    Template("newsletter", "The week at a glance", "email", "brand", "inform", _COMMUNICATIONS, 0, 1, 0, 10, (350, 520), 0.84,
             links=6, click=0.18, carries_id=False),
    Template("strategy", "Where we are going", "intranet", "goals", "inform", _EXECUTIVE, 1, 2, 0, 9, (400, 700), 0.86,
             goal="growth", react=0.10, reply=0.03, answer=0.12, rate=0.15, share=0.02, expects=("read",), carries_id=False,
             questions=_UNDERSTOOD),
    Template("product", "What our customers will see next", "intranet", "products", "inform", _PRODUCTS, 1, 2, 1, 14, (300, 600), 0.76,
             goal="growth", host="portal", links=2, carries_id=False),
    Template("town-hall", "Ask anything: the open hour", "chat", "goals", "engage", _EXECUTIVE, 2, 2, 0, 11, (60, 120), 0.85,
             goal="faster-delivery", setting="informal", react=0.20, reply=0.06, expects=("reply",), described="event"),
    Template("process", "How we work: a change in your department", "email", "processes", "act", _OPERATIONS, 3, 2, 1, 9, (200, 350), 0.88,
             goal="faster-delivery", audience="department", links=2, click=0.25, reply=0.05),
    Template("policy", "Please confirm: data and devices", "email", "processes", "act", _OPERATIONS, 3, 4, 1, 13, (500, 800), 0.88,
             links=1, click=0.35, acknowledge=0.86, expects=("read", "acknowledge"), due_days=12, remind_days=(5,), also_page=True),
    Template("safety", "Please confirm: safety on the shop floor", "email", "safety", "act", _SAFETY, 0, 4, 3, 13, (250, 400), 0.93,
             goal="zero-accidents", audience="shop floor", links=1, click=0.3, acknowledge=0.95, expects=("read", "acknowledge"),
             due_days=8, remind_days=(3, 7), also_page=True, host="portal"),
    Template("pulse", "Five minutes for your opinion", "survey", "goals", "engage", _PEOPLE, 4, 4, 2, 9, (80, 120), 0.82,
             answer=0.7, expects=("answer",), due_days=7, remind_days=(4,), questions=_PULSE),
    Template("briefing", "For leaders: what to tell your team", "email", "goals", "persuade", _EXECUTIVE, 2, 2, 1, 8, (220, 300), 0.95,
             goal="growth", audience="leaders", reply=0.22, links=1, click=0.3, expects=("reply",)),
    Template("benefits", "Your benefits this season", "intranet", "benefits", "inform", _PEOPLE, 4, 2, 1, 11, (250, 450), 0.66,
             links=3, react=0.05, reply=0.02, rate=0.1, expects=("read",), language="fr", questions=_USEFUL),
    Template("site", "Around the site", "chat", "brand", "engage", _COMMUNICATIONS, 3, 2, 0, 15, (40, 90), 0.80,
             audience="site", setting="informal", react=0.25, reply=0.04, expects=("reply",), described="event"),
    Template("urgent", "Tonight: systems are not available", "email", "processes", "inform", _OPERATIONS, 1, 4, 2, 20, (60, 100), 0.9,
             urgent=True),
    Template("quiz", "Two minutes on safety", "intranet", "safety", "act", _SAFETY, 2, 4, 0, 10, (120, 200), 0.8,
             goal="zero-accidents", answer=0.5, expects=("answer",), due_days=7, questions=_QUIZ),
    Template("shift", "For the weekend shifts", "intranet", "processes", "inform", _OPERATIONS, 5, 1, 0, 6, (80, 160), 0.8,
             audience="shop floor", react=0.06),
    Template("sideline", "Lunch together", "email", "brand", "engage", _PRODUCTS, 2, 6, 1, 16, (80, 120), 0.9,
             audience="department", setting="informal", links=1, click=0.2, described="nowhere", carries_id=False),
    Template("emissions", "What we emit, and what we do about it", "intranet", "goals", "inform", _EXECUTIVE, 3, 4, 3, 10, (250, 400), 0.6,
             goal="lower-emissions", react=0.05, rate=0.1, share=0.03, expects=("read",), questions=_USEFUL),
    Template("team-briefing", "Pass it on: news for your team", "intranet", "goals", "inform", _COMMUNICATIONS, 1, 4, 0, 8, (150, 250), 0.8,
             goal="faster-delivery", setting="informal", acknowledge=0.9, expects=("acknowledge",), due_days=3, is_cascade=True),
    Template("course", "Sign up: first aid", "email", "safety", "act", _SAFETY, 2, 4, 1, 10, (90, 140), 0.85,
             goal="zero-accidents", audience="first wave", links=2, click=0.2, action="page", unprompted=0.06, prompted=0.2),
    Template("volunteer", "Will you help with the open day?", "email", "brand", "persuade", _COMMUNICATIONS, 3, 4, 0, 14, (120, 180), 0.82,
             audience="first wave", setting="informal", links=3, click=0.15, action="form", unprompted=0.03, prompted=0.12),
    Template("digest", "In case you missed it", "email", "brand", "inform", _PRODUCTS, 2, 2, 1, 15, (350, 520), 0.7,
             audience="department", links=3, click=0.1, content_of="newsletter"),
    Template("evening", "A thought for the week", "email", "goals", "inform", _EXECUTIVE, 6, 2, 0, 20, (120, 200), 0.8,
             goal="growth", audience="leaders", setting="informal"),
)

# What a plain company sends.
PLAIN_TEMPLATES: tuple[Template, ...] = (
    Template("bulletin", "The week at a glance", "email", "brand", "inform", _COMMUNICATIONS, 0, 1, 0, 10, (250, 350), 0.85,
             links=3, click=0.2),
    Template("notice", "What changes", "email", "processes", "inform", _OPERATIONS, 2, 1, 0, 10, (150, 250), 0.85, goal="faster-delivery"),
    Template("story", "Where we are going", "intranet", "goals", "inform", _EXECUTIVE, 3, 1, 0, 9, (300, 400), 0.85,
             goal="growth", react=0.1, expects=("read",)),
)
# fmt: on


HOLDOUT: Mapping[str, Sequence[str]] = {"wave": ["later"]}
"""Who is not sent a message with an action, so that its effect shows."""


class Page(NamedTuple):
    """A page that is no message; the portal's log is full of them. `visitors`: people (signed in), anybody, or crawlers."""

    path: str
    visitors: str


PAGES = (
    Page("/canteen", "people"),
    Page("/", "anybody"),
    Page("/assets/site.css", "anybody"),
    Page("/robots.txt", "crawlers"),
    Page("/search?q=holidays", "crawlers"),
)


def condition_of(template: Template, turn: int) -> dict[str, Sequence[str]]:
    """The audience as a condition of the catalogue; empty for everybody. `turn` picks the department or site."""
    match template.audience:
        case "leaders":
            return {"group": ["leaders"]}
        case "first wave":
            return {"wave": ["first"]}
        case "shop floor":
            return {"department": ["Production", "Logistics", "Service"]}
        case "department":
            return {"department": [ROTATING[turn % len(ROTATING)]]}
        case "site":
            return {"site": [("Lyon", "Graz", "Porto")[turn % 3]]}
        case _:
            return {}


def page_url(path: str) -> str:
    return f"{SITE}{path}"
