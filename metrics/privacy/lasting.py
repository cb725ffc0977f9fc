"""For how long what is kept is kept, what then remains, and what stands at this moment. What it is, and why, is left to `kept`."""

from config.schema import Settings
from config.wall import DAY_SECONDS
from config.windows import days_needed
from metrics.document import Block, Heading, Listing, Paragraph, Table
from metrics.indicators import INDICATORS, lasting, steps_kept
from metrics.ledger.delays import A_DAY, DAYS
from metrics.privacy.given import Given, days, number_of
from metrics.spelling import moment_text

FOREVER = (
    "what the catalogue says of messages",
    "what was published of single messages and of past periods",
    "how fast a message spread: of whole audiences of 50 and more, at some fifteen ages, in steps of three",
    "that anybody at all ever did a kind of thing on a channel, and digests of messages whose times are forgotten",
    "of erased people a mark under a second key, from which nobody can find out who they were",
)


def lasting_section(settings: Settings) -> list[Block]:
    """How long, and what then remains."""
    return [
        Heading(2, "How long, and what then remains"),
        Table(("what", "kept for", "what then remains"), _rows(settings)),
        Paragraph(_longest(settings)),
        Paragraph("Kept without end:"),
        Listing(FOREVER),
        Paragraph(
            "What goes is overwritten in the database, not marked. Streams, files, backups of the database and whatever "
            "Prometheus has scraped are "
            "outside Earshot: their owners have to forget them by themselves."
        ),
    ]


def _rows(settings: Settings) -> list[list[str]]:
    """What is kept, for how long, what then remains."""
    retention = settings.retention
    return [
        [
            "times of what people did",
            f"{days(retention.late_grace)} after the message's last window has closed",
            "who did it, without times",
        ],
        [
            "sets of people, answers, reactions, audiences",
            f"{days(retention.sets)} after the message was sent (the last one of a campaign)",
            "what was published",
        ],
        ["messages that nobody described", f"{days(retention.sets)} after the newest fact about them", "nothing"],
        [
            "steps of feedback items, which have no author",
            f"{steps_kept(settings)} days after an item's last step: as long as targets ask for them, and as sets are kept",
            "what was published",
        ],
        *_of_people(settings),
        ["records that nobody understood", days(retention.dead_letters), "how many there were"],
        [
            f"how late a source's events come: {A_DAY} moments a day, with nobody and no message",
            f"{DAYS} days",
            "nothing",
        ],
        ["published snapshots", "the last ten", "single messages and past periods, as published"],
    ]


def _of_people(settings: Settings) -> list[list[str]]:
    retention = settings.retention
    if settings.mode == "cells":
        return [["tokens", "as long as anything is kept of them", "nothing"]]
    return [
        [
            "rows of the directory that have ended, and the pseudonyms of people who left",
            f"{days(retention.sets)} and {days(retention.late_grace)} after they ended; the pseudonym as long as anything else "
            "is kept of them",
            "nothing",
        ],
        ["pseudonyms of people whom the directory never knew", "as long as anything is kept of them", "nothing"],
    ]


def _longest(settings: Settings) -> str:
    """What the targets need of `retention.sets`, held against what is set."""
    kept = settings.retention.sets.seconds(DAY_SECONDS) // DAY_SECONDS
    needs = {
        target.name: days_needed(settings, target, target.window or INDICATORS[target.indicator].window)
        for target in settings.targets
        if target.indicator not in lasting()
    }
    if not needs:
        return f"**No target needs any of it**, and sets are kept for {kept} days."
    name = max(needs, key=lambda each: needs[each])
    more = kept - needs[name]
    rest = (
        f"**{more} {'day' if more == 1 else 'days'} more than any target needs.**"
        if more > 0
        else "no longer than that."
    )
    return f"The target that needs sets longest is `{name}`: {needs[name]} days. They are kept for {kept} days: {rest}"


def standing_section(given: Given) -> list[Block]:
    """What stands now."""
    title, standing = Heading(2, "What stands in the database now"), given.standing
    if standing is None:
        return [title, Paragraph("There is no database yet: nothing stands.")]
    k, zone = given.settings.disclosure.k, given.settings.organisation.zone
    if standing.published is None:
        published = "Nothing is published yet."
    else:
        same = "this configuration" if standing.configuration == given.digest else "**another configuration** than this"
        published = f"Published last: {moment_text(standing.published, zone)}, under {same}."
    first = "" if standing.oldest is None else f", the first sent {moment_text(standing.oldest, zone)}"
    timed = "" if standing.oldest_timed is None else f", the first sent {moment_text(standing.oldest_timed, zone)}"
    letters = (
        "" if standing.oldest_letter is None else f", the oldest since {moment_text(standing.oldest_letter, zone)}"
    )
    rows = standing.rows
    return [
        title,
        Paragraph(f"{published} Counts under {k} are not told."),
        Listing(
            [
                f"facts with times: of {number_of(standing.timed, k, 'message')}{timed}",
                f"sets of people, with times or without: of {number_of(standing.timed + standing.untimed, k, 'message')}{first}; of "
                f"{number_of(standing.undescribed, k, 'reference')} that no message of the catalogue has",
                f"{number_of(rows['answers'], k, 'answer')}, {number_of(rows['reactions'], k, 'reaction')}, "
                f"{number_of(standing.items, k, 'feedback item')}",
                f"{number_of(rows['people'], k, 'pseudonym')}, {number_of(rows['directory rows'], k, 'row', 'rows of the directory')}",
                f"{number_of(standing.letters, k, 'record', 'records that nobody understood')}{letters}",
                f"{number_of(rows['erased'], k, 'mark', 'marks of erased pseudonyms')}",
            ]
        ),
    ]
