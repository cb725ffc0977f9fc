"""What is different where people are tokens that belong to one message: what is kept besides facts, and what can be asked for."""

from config.schema import Settings
from metrics.document import Block, Heading, Listing, Paragraph
from metrics.privacy.given import words

FACT = (
    "A fact is: a token, by a number; the cell it stands in; a message; what they did; when. A token is what a source "
    "calls one recipient of "
    "one message, hashed together with that message: under another message the same recipient is another token. Each kind is "
    "needed by the targets beside it: their readings would be others without it."
)


def besides(settings: Settings) -> list[str]:
    """What is kept beside facts."""
    segments = words(settings.directory.segments) or "none"
    return [
        "**Tokens**, as digests of what the source calls a recipient and of the message: nobody is known over two messages, even where a "
        "source uses a token twice or hands over who it is.",
        "**Cells**: the values that a source gives with a token, such as one department on one site. Readings are broken down "
        f"by {segments} "
        "alone; what nobody needs is best left out of what sources hand over.",
        "**Answers and reactions**: one row each, with the token's number, the question or sign, and what was chosen; never free text.",
        "**Feedback items**: their steps and times, whether critical, and no author. That anybody raised one is not kept at all.",
        "**Of records that nobody understood** the place and the reason; never what stood in them.",
        "**The catalogue**: what messages are about, and how many people each was meant for, cell by cell; no senders, and no "
        "audiences that "
        "list people.",
        "**What is published**: figures of groups, coarsened before they are judged.",
    ]


def cells_rights_section(settings: Settings) -> list[Block]:
    """What nobody can do, what an administrator still could, and what an employee can ask for."""
    return [
        Heading(2, "What is technically impossible"),
        Listing(
            [
                "**Following anybody from one message to another**: their tokens have nothing in common.",
                f"**Asking for a group under five**: no setting allows it. Under {settings.disclosure.k} nothing shows in this "
                "configuration.",
                "**Going from a feedback item to who raised it**: items have no author.",
                "**Recovering times after the grace, or single facts after the retention**: they are overwritten.",
            ]
        ),
        Heading(2, "What an administrator could still do"),
        Paragraph(
            "Whoever can read the database can see what one token did with one message, while its facts stand, and in which cell: "
            "in a cell of "
            "one person that is a person. Sources that join small cells to larger ones leave nothing of that kind. Where a source "
            "hands over who "
            "somebody is in the place of a random token, whoever holds the key, the database and a list of addresses can find out "
            "what they "
            "did with one message after the other: tokens have to be random, and forgotten by the source when the window has closed."
        ),
        Heading(2, "What an employee can ask for"),
        Paragraph(
            "Objection is a matter of the sources: whoever objects gets no token, and counts in the cell as somebody who did "
            "nothing. Erasure "
            "too: only the source knows whose a token was, and in Earshot it goes with its message. `./earshot forget` finds nobody."
        ),
    ]
