"""The landing page as one string: what Earshot is, how the targets stand, how the service is. Serving it is left to
`dashboards.page.app`. It needs no script and nothing from elsewhere."""

import base64
import hashlib
from pathlib import Path

from dashboards.page.marks import marked
from dashboards.page.markup import Html, element, joined
from dashboards.page.sources import facts, incomplete, sources_table
from dashboards.page.state import ServiceState
from dashboards.page.targets import tally, targets_table
from metrics import spelling, wording
from metrics.snapshot import Snapshot
from metrics.standings import standings, summary

REFRESH_SECONDS = 60
LINKS = (
    ("/metrics", "all readings and verdicts as series, for Prometheus"),
    ("/-/ready", "whether the service serves readings"),
    ("/-/healthy", "whether the process works"),
)

_STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
# The one style sheet stands in the page; its digest lets a strict policy allow it and nothing else.
STYLE_DIGEST = "sha256-" + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def landing_page(snapshot: Snapshot | None, state: ServiceState, *, refreshing: bool = True) -> str:
    """`refreshing`: the page loads itself again every minute; readers who are slow, or have folded something out, can stop it."""
    found = [] if snapshot is None else standings(snapshot)
    missed = sum(one.word == "missed" for one in found)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="refresh", content=REFRESH_SECONDS) if refreshing else None,
        element("title", f"{f'{missed} missed · ' if missed else ''}Earshot · {state.organisation}"),
        element("style", Html(_STYLE)),
    )
    page = element(
        "body",
        element("a", "Skip to the targets", class_="skip", href="#targets"),
        _header(snapshot, state),
        element("main", _targets(snapshot, state), _words(), _service(snapshot, state)),
        _footer(state, refreshing=refreshing),
    )
    return "<!doctype html>\n" + element("html", head, page, lang="en")


def _header(snapshot: Snapshot | None, state: ServiceState) -> Html:
    age = None
    if snapshot is not None:
        ago = spelling.age_text(state.now - snapshot.as_of)
        age = element(
            "p", f"Readings as of {spelling.moment_text(snapshot.as_of, state.zone)}, {ago} ago.", class_="soft"
        )
    return element(
        "header",
        element("p", f"Earshot · {state.organisation}", class_="brand"),
        element("h1", "Did our messages get through?"),
        element(
            "p",
            "Earshot reads what happened to each internal message, turns it into indicators and holds each against a target "
            f"that somebody owns. It counts people, names nobody, and hides groups under {state.minimum_people}.",
        ),
        age,
        element("p", f"Not ready: {state.not_ready}", class_="notice", role="status") if state.not_ready else None,
        incomplete(state),
    )


def _targets(snapshot: Snapshot | None, state: ServiceState) -> Html:
    if snapshot is None:
        inside = element(
            "p", "No readings yet: they appear once what is there has been read and computed.", class_="lead"
        )
    elif not snapshot.targets:
        inside = element("p", "No target is configured yet, so there is nothing to judge.", class_="lead")
    else:
        found = standings(snapshot)
        messages = {message.message: message for message in snapshot.messages}
        inside = joined(
            element("p", summary(found), class_="lead"),
            tally(found),
            targets_table(found, messages, state.definitions),
        )
    return element("section", element("h2", "Targets", id="targets"), inside)


def _words() -> Html:
    pairs = [
        joined(
            element("dt", marked(word)),
            element("dd", meaning),
        )
        for word, meaning in wording.MEANINGS.items()
    ]
    return element("section", element("h2", "What the words mean"), element("dl", *pairs, class_="words"))


def _service(snapshot: Snapshot | None, state: ServiceState) -> Html:
    notes = [] if snapshot is None else [element("p", note) for note in snapshot.notes]
    links = [element("li", element("a", path, href=path), f": {text}") for path, text in LINKS]
    return joined(
        element("section", element("h2", "What comes in", id="sources"), sources_table(state)),
        element("section", element("h2", "The service"), facts(snapshot, state), *notes),
        element("section", element("h2", "For programs"), element("ul", *links, class_="links")),
    )


def _footer(state: ServiceState, *, refreshing: bool) -> Html:
    if refreshing:
        told, link = "This page loads itself again every minute. ", element("a", "Stop that", href="/?refresh=off")
    else:
        told, link = "This page stays as it is. ", element("a", "Load it again every minute", href="/")
    return element("footer", element("p", told, link, f". Earshot {state.version}."))
