"""What nobody can do with what is kept, what an administrator still could, and what an employee can ask for."""

from config.schema import Settings
from metrics.document import Block, Heading, Listing, Paragraph
from metrics.facts import TRACKED
from metrics.privacy.given import Given, codes


def impossible_section(settings: Settings) -> list[Block]:
    return [
        Heading(2, "What is technically impossible"),
        Listing(
            [
                "**Reading a name, an address, a subject, a text, an IP address or a full user agent out of what is "
                "recorded**: the events have no "
                "field for them. (Titles of messages come from the catalogue; records that nobody understood are sealed as they came.)",
                "**Turning a pseudonym back into an address without the key.** It is an HMAC under 32 random bytes or more "
                "that lie in a file, never "
                "in the database.",
                "**Asking for one person's readings**, or for those of a group under five: there is no such view, command or "
                "setting. Under "
                f"{settings.disclosure.k} nothing shows in this configuration.",
                "**Bringing back an erased person** by reading a stream or the next directory file again: a mark under a "
                "second key bars it.",
                "**Computing past figures anew**: what was published of a message whose times are gone, or of a past period, "
                "stands, whoever is erased.",
                "**Recovering times after the grace, or single facts after the retention**: they are overwritten.",
                "**Going from a feedback item to who raised it**: items have no author; that somebody raised anything is kept "
                "apart, to the day.",
            ]
        ),
    ]


def administrator_section(given: Given) -> list[Block]:
    settings = given.settings
    where = "the file that `key_file` names" if settings.key_file is not None else "`earshot.key` in the data directory"
    guarded = {
        None: "It is not there yet.",
        True: "Its owner alone may read it.",
        False: "**Others than its owner may read it: this has to be mended.**",
    }[given.key_is_private]
    server = settings.store is not None and not settings.store.startswith("sqlite")
    database = (
        "The database is on a server of its own: its administrators can read pseudonyms, sets and attributes, but have no key there."
        if server or settings.store_file is not None
        else "The database is a file beside the data: whoever administers the machine can read both."
    )
    return [
        Heading(2, "What an administrator could still do"),
        Paragraph(
            f"The key of the pseudonyms lies in {where}. {guarded} Its holders are whoever may act as the service's user there, "
            "and root. Whoever "
            "holds the key, the database **and** a list of addresses can find out what one person did, as long as the sets "
            "stand, and when, as long "
            f"as the times stand. {database} Earshot narrows that window; only the organisation can guard the machine."
        ),
    ]


def rights_section() -> list[Block]:
    return [
        Heading(2, "What an employee can ask for"),
        Listing(
            [
                f"**Objection.** With `objects: true` in the directory {codes(sorted(TRACKED))} of this person are not looked "
                "at when evaluating. They "
                "count as **could not be seen**, never as **was not reached**; what they do of their own accord (answering, "
                "confirming) counts. What comes in is recorded all the same, as long as anybody's.",
                "**Erasure.** `./earshot forget PERSON`, with any of their identifiers, takes the person out of every set, "
                "answer, reaction, audience "
                "and row of the directory, and out of records that nobody understood; it bars their return. What was published "
                "stays as it is.",
                "**Information.** There is no view of one person, so there is no copy of one to hand out: this page, and what "
                "the systems hold that "
                "the records come from, is the answer.",
            ]
        ),
    ]
