"""Rows as CloudEvents, structured, one a line, with the time each was received as an extension."""

import json
from collections.abc import Iterator

import numpy as np

from collectors.simulation.book import Book
from collectors.simulation.catalogue import OLD_VERSION, VERSION
from collectors.simulation.disturbance import BAD_ACTION, BAD_TIME, spoil_json
from collectors.simulation.hours import Times
from collectors.simulation.page_traces import REACTIONS
from collectors.simulation.templates import PAGES
from collectors.simulation.traces import AGENT_CLASSES, SIGN_LIST, Rows, Sign

CHANNEL_OF_STREAM = {
    "email": "email",
    "mailbox": "email",
    "intranet": "intranet",
    "portal": "intranet",
    "chat": "chat",
    "survey": "survey",
}


SIGN_UP = "join"


def cloudevent_lines(rows: Rows, book: Book) -> Iterator[bytes]:
    """A line an event, without its line feed."""
    times, received = _texts(rows["at"]), _texts(rows["arrival"])
    for row, time, received_at in zip(rows.tolist(), times, received, strict=True):
        _, at, number, person, serial, value, detail, code, _, damage = row
        sign = SIGN_LIST[code]
        if sign.about == "item":
            subject, particulars = _item(sign, book, (number, int(value)))
        else:
            subject = book.reference(sign, number)
            particulars = _particulars(sign, book, (number, detail, value))
        if sign.action == "message.published":
            subject, data = book.message(number).id, json.dumps(book.entry(number))
        else:
            address = f'"address":"{book.identifiers[sign.stream][person]}",' if person >= 0 else ""
            data = (
                f'{{{address}"channel":"{CHANNEL_OF_STREAM[sign.stream]}","evidence":"{sign.evidence}"{particulars}}}'
            )
        about = f'"subject":"{subject}",' if subject else ""
        text = (
            f'{{"specversion":"1.0","id":"{number if number >= len(PAGES) else at:x}-{serial:x}","source":"/{sign.stream}",'
            f'"type":"earshot.{"teleported" if damage == BAD_ACTION else sign.action}",{about}'
            f'"time":"{"yesterday" if damage == BAD_TIME else time + "Z"}","receivedtime":"{received_at}Z","data":{data}}}'
        )
        yield spoil_json(text, damage) if damage else text.encode()


def _texts(moments: Times) -> list[str]:
    texts: list[str] = np.datetime_as_string(moments.astype("datetime64[us]"), unit="ms").tolist()
    return texts


def _item(sign: Sign, book: Book, key: tuple[int, int]) -> tuple[str, str]:
    """The message an item is about, if any, and what an event about it says besides."""
    item = book.item(*key)
    stance = f',"stance":"{item.stance}"' if sign.action == "raised" else ""
    return item.about, f',"item":"{item.id}"{stance}'


def _particulars(sign: Sign, book: Book, about: tuple[int, int, float]) -> str:
    """What an event about a message says besides, as members of its data."""
    number, detail, value = about
    match sign.action:
        case "answered" if sign.about == "action":
            return f',"question":"{SIGN_UP}","choice":"yes"'
        case "opened" if sign.stream == "email":
            return f',"agent":"{AGENT_CLASSES[sign.agent]}"'
        case "clicked":
            return f',"agent":"{AGENT_CLASSES[sign.agent]}","link":"{book.link(number, detail)}"'
        case "read" | "attended":
            return f',"engaged_seconds":{value:.1f}'
        case "reacted" | "unreacted":
            return f',"choice":"{REACTIONS[detail]}"'
        case "acknowledged":
            return f',"version":"{OLD_VERSION if detail == 1 else VERSION}"'
        case "rated":
            return f',"question":"{book.question(number, detail).id}","value":{value:.0f}'
        case "answered":
            question = book.question(number, detail)
            return f',"question":"{question.id}","choice":"{question.options[int(value)]}"'
        case _:
            return ""
