"""What is kept of people and why: every kind of fact with the targets that need it, and plainly those that none needs. For how long is left
to `lasting`."""

from collections.abc import Iterable, Mapping

from config.schema import SourceSettings
from metrics.document import Block, Heading, Listing, Paragraph, Table
from metrics.facts import DAY_TICKS, TICK_SECONDS, slot_width
from metrics.indicators import INDICATORS
from metrics.privacy.cells import FACT, besides
from metrics.privacy.given import Given, codes, words
from metrics.privacy.uses import ITEMS, kinds_needed, kinds_read

KINDS: Mapping[str, str] = {
    "queued": "a message was queued for them",
    "sent": "a message was sent to them",
    "delivered": "a message was delivered to them",
    "deferred": "its delivery was put off",
    "bounced": "it came back",
    "rejected": "it was refused",
    "complained": "they reported it as unwanted",
    "unsubscribed": "they unsubscribed",
    "opened": "they opened it, as far as a picture in it or an app tells",
    "viewed": "they opened a page while signed in",
    "read": "they read it, by a receipt or the source's word",
    "attended": "they were attentive to a page, in steps of ten seconds",
    "engaged": "for how many seconds they were engaged: whole to 60, then in steps of 5 %",
    "clicked": "they followed a link, and which",
    "downloaded": "they fetched a file of it",
    "reacted": "they reacted, and by which sign",
    "unreacted": "they took a reaction back",
    "replied": "they replied; never what",
    "commented": "they commented; never what",
    "shared": "they passed it on",
    "acknowledged": "they confirmed it, and which version",
    "answered": "they answered a question, and which option they chose",
    "rated": "they rated it, and the number they gave",
    "autoreplied": "an automatic reply came from their mailbox",
    "not_read": "a receipt says that it was deleted unread",
    "raised": "they raised feedback at all; not which",
    ITEMS: "steps of feedback items (raised, answered, decided, implemented, recognised), with nobody behind them",
}
_STEPS = frozenset({"raised", "answered", "decided", "implemented", "recognised"})
_OF_ITEMS_ALONE = frozenset({"decided", "implemented", "recognised"})


_FACT = (
    "A fact is: a person, by a number that stands for a pseudonym; a message; what they did; when. Each kind is needed by "
    "the targets beside "
    "it: their readings would be others without it."
)


def sources_section(given: Given) -> list[Block]:
    """Where it comes from."""
    sources = given.settings.sources
    if not sources:
        return [Heading(2, "Where it comes from"), Paragraph("No source is configured: nothing comes in.")]
    rows = [[f"`{each.name}`", each.channel, f"`{each.decoder}`", _seen(each), _deliveries(each)] for each in sources]
    told = (
        "Each of these systems hands over records; names, addresses, texts and IP addresses in them are not kept. What a "
        "source is not set "
        "down to show counts as **cannot be told**."
    )
    head = ("source", "channel", "read as", "said to show", "deliveries")
    return [Heading(2, "Where it comes from"), Paragraph(told), Table(head, rows)]


def _seen(source: SourceSettings) -> str:
    return "all that its records hold" if source.shows is None else codes(source.shows) or "nothing"


def _deliveries(source: SourceSettings) -> str:
    return "shown" if source.delivered else "not shown"


def kept_section(given: Given) -> list[Block]:
    """What is kept, and why."""
    needed, sources = kinds_needed(given.settings), _sources_of(given)
    rows = [
        [f"`{kind}`: {KINDS[kind]}", codes(sources[kind]), _precision(kind), codes(needed[kind])]
        for kind in KINDS
        if kind in sources and kind in needed
    ]
    blocks: list[Block] = [
        Heading(2, "What is kept of what people do, and why"),
        Paragraph(FACT if given.settings.mode == "cells" else _FACT),
    ]
    head = ("that", "from", "time kept to", "needed by")
    blocks.append(Table(head, rows) if rows else Paragraph("**Nothing that comes in is needed by any target.**"))
    return [*blocks, *_unneeded(given, needed, sources), *_besides(given)]


def _sources_of(given: Given) -> dict[str, list[str]]:
    """Kind to the sources that may bring it in."""
    found: dict[str, list[str]] = {}
    for source in given.settings.sources:
        for kind in sorted(kinds_recorded(given.recorded[source.name])):
            found.setdefault(kind, []).append(source.name)
    return found


def kinds_recorded(actions: Iterable[str]) -> frozenset[str]:
    """What these actions come to: a source that knows of attention says for how long as well, and an item's steps are nobody's."""
    told = frozenset(actions)
    engaged = {"engaged"} if "attended" in told else set()
    items = {ITEMS} if told & _STEPS else set()
    return (told - _OF_ITEMS_ALONE) | engaged | items


def _precision(kind: str) -> str:
    if kind == ITEMS:
        return "as the source gives it"
    width = slot_width(kind)
    seconds = width * TICK_SECONDS
    return "the day" if width == DAY_TICKS else f"{seconds // 60} minutes" if seconds >= 60 else f"{seconds} seconds"


def _unneeded(given: Given, needed: Mapping[str, tuple[str, ...]], sources: Mapping[str, list[str]]) -> list[Block]:
    idle = [kind for kind in KINDS if kind in sources and kind not in needed]
    title = Heading(3, "Recorded, though no target needs it")
    if not idle:
        return [title, Paragraph("None: every kind that these sources can bring in is needed by a target.")]
    told = (
        "These sources can bring in the following as well, and it is recorded where they do, as long as everything else. No "
        "target needs it: "
        "it could be left out of what the source hands over, and no reading would change. `shows` leaves nothing out."
    )
    standing = given.standing
    seen = frozenset().union(*standing.seen.values()) if standing is not None else frozenset()
    rows = [[f"`{kind}`: {KINDS[kind]}", codes(sources[kind]), _met(given, kind, seen)] for kind in idle]
    return [title, Paragraph(told), Table(("that", "from", "on record"), rows)]


def _met(given: Given, kind: str, seen: frozenset[str]) -> str:
    if given.standing is None or kind in ("unreacted", ITEMS):
        return "cannot be told"
    return "has come in" if kind in seen else "has never come in"


def _besides(given: Given) -> list[Block]:
    if given.settings.mode == "cells":
        return [Heading(3, "Besides"), Listing(besides(given.settings))]
    segments = given.settings.directory.segments
    breaks = f"Readings are broken down by {words(segments)} alone" if segments else "Readings are broken down by none"
    return [
        Heading(3, "Besides"),
        Listing(
            [
                "**Pseudonyms**, one for each identifier of a person: HMAC-SHA256 under a key that is not in the database. "
                "They stand for mail "
                "addresses, logins and ids, of which none is kept.",
                "**The directory**: for each person the pseudonyms, the manager's pseudonym, groups, whether mail shows "
                "images, whether they object, "
                f"from when to when, and every other column of the directory's files. {breaks}; a column that nobody needs is "
                "best left out of "
                "the files.",
                "**Answers and reactions**: one row each, with the person's number, the question or sign, and what was chosen; "
                "never free text.",
                "**Feedback items**: their steps and times, whether critical, and no author. Who raised anything at all is "
                "kept apart from it, to "
                "the day.",
                "**Audiences**: whom a message was meant for, and who was held out of it, once its times are gone, with what "
                "indicators of whole periods "
                "still ask of each.",
                "**Records that nobody understood**: whole, and so with whatever they hold, encrypted, in the database alone.",
                "**The catalogue**: what messages are about; their senders and listed recipients as pseudonyms.",
                "**What is published**: figures of groups, coarsened before they are judged.",
            ]
        ),
    ]


def unasked_section(given: Given) -> list[Block]:
    """What could be asked and is not."""
    asked = {target.indicator for target in given.settings.targets}
    idle = [indicator for name, indicator in INDICATORS.items() if name not in asked]
    title = Heading(2, "What is not asked")
    if not idle:
        return [title, Paragraph("Every indicator there is has a target in this configuration.")]
    needed = kinds_needed(given.settings)
    rows = []
    for indicator in idle:
        more = sorted(kinds_read(indicator, given.settings.indicators) - needed.keys())
        rows.append([f"`{indicator.id}`", indicator.question, codes(more) or "nothing"])
    told = (
        "Earshot can answer these questions too. No target of this configuration asks them, and nothing is published about "
        "them; a new target "
        "changes this page."
    )
    return [title, Paragraph(told), Table(("indicator", "question", "kinds it would need besides"), rows)]
