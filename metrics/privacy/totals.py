"""The mode, and what is different where it keeps no person: what is kept, for how long, and what can be asked for. Everything else is said
alike in both."""

from config.schema import Mode, Settings
from metrics.document import Block, Heading, Listing, Paragraph, Table
from metrics.indicators import INDICATORS, steps_kept
from metrics.modes import served
from metrics.privacy.given import Given, codes, days


def mode_section(settings: Settings) -> list[Block]:
    """The mode, with the indicators that it can give."""
    told = {
        "people": "`people`: sets of pseudonyms are kept, so that a person who did something twice, on two channels, counts "
        "once. It is the mode in "
        "which every indicator can be told, and the one in which most is kept.",
        "cells": "`cells`: of every recipient of a message a token is kept that belongs to this message alone, and the cell it "
        "stands in. People are told apart within a message, and **nobody is known over two messages**.",
        "counts": "`counts`: **no person is kept, by no pseudonym either.** Sources count people themselves and hand over "
        "totals of messages, cell "
        "by cell. What would need to know who is who cannot be told.",
    }[settings.mode]
    without: tuple[Mode, ...] = ("cells", "counts") if settings.mode == "people" else (settings.mode,)
    return [Heading(2, "The mode"), Paragraph(told), *(_able(mode, settings) for mode in without)]


def _able(mode: Mode, settings: Settings) -> Block:
    able = [name for name in INDICATORS if served(name, mode, settings.indicators.gap_of)]
    others = [name for name in INDICATORS if name not in able]
    return Paragraph(
        f"Of the {len(INDICATORS)} indicators the mode `{mode}` can give {codes(able)}; it cannot give {codes(others)}."
    )


def totals_section(given: Given) -> list[Block]:
    """What is kept in the mode without people."""
    sources = given.settings.sources
    handed = f"Sources: {codes(each.name for each in sources)}." if sources else "No source is configured."
    return [
        Heading(2, "What is kept, and why"),
        Paragraph(
            f"Totals stand in the entries of the catalogue, as files or as `message.published` events. {handed} Whatever else "
            "sources hand over "
            "about anybody is not recorded: every event loses its person at the door, before anything is written."
        ),
        Listing(
            [
                "**Of a message and a cell** (such as one department on one site): how many people it was meant for, and how "
                "many of them were sent "
                "it, got it, met it, opened it, read it, followed a link, confirmed it or answered, by a moment.",
                "**The catalogue**: what messages are about; no senders, and no audiences that list people.",
                "**Feedback items**: their steps and times, whether critical, and no author.",
                "**Of records that nobody understood** the place and the reason; never what stood in them.",
                "**What is published**: figures of groups, coarsened before they are judged.",
            ]
        ),
        Paragraph("There is no directory, no pseudonym, no fact about a person, no answer and no reaction."),
    ]


def totals_lasting_section(settings: Settings) -> list[Block]:
    rows = [
        [
            "counts from which readings are made",
            f"{days(settings.retention.sets)} after the message was sent",
            "what was published",
        ],
        ["places of records that nobody understood", days(settings.retention.dead_letters), "how many there were"],
        ["steps of feedback items", f"{steps_kept(settings)} days after an item's last step", "what was published"],
        ["totals in the entries of the catalogue, what was published", "without end", "-"],
    ]
    return [Heading(2, "How long, and what then remains"), Table(("what", "kept for", "what then remains"), rows)]


def totals_rights_section(settings: Settings) -> list[Block]:
    return [
        Heading(2, "What is technically impossible"),
        Listing(
            [
                "**Finding out anything of one person**: nothing in the database is about one. The key of pseudonyms makes "
                "none that are kept.",
                f"**Asking for a group under five**: no setting allows it. Under {settings.disclosure.k} nothing shows in this "
                "configuration.",
                "**Joining two messages**: nobody can tell whether the same people opened both.",
            ]
        ),
        Heading(2, "What an administrator could still do"),
        Paragraph(
            "Whoever can read the database can read the totals of small cells, which are published to nobody. Sources that cut "
            "cells under "
            f"{settings.disclosure.k} people off from what they hand over leave nothing of that kind. What the sources "
            "themselves know of people "
            "lies with them."
        ),
        Heading(2, "What an employee can ask for"),
        Paragraph(
            "Objection and erasure are matters of the sources that count. In Earshot there is nothing to erase: `./earshot "
            "forget` finds nobody."
        ),
    ]
