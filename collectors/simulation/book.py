"""What every format looks up to spell a row: the message behind a number, its reference as the source emits it, who a person
is there."""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from collectors.simulation.items import STANCES
from collectors.simulation.templates import PAGES, Question, page_url
from collectors.simulation.traces import STREAMS, Sign
from collectors.simulation.world import World

_PAGE_SOURCES = ("intranet", "portal")


class Item(NamedTuple):
    """What the tool for ideas says of an item. `about`: the id of a message, empty for none."""

    id: str
    stance: str
    about: str


class Book:
    """`identifiers` by stream: a list with an entry a person, strangers included."""

    def __init__(self, world: World) -> None:
        known = world.identifiers
        self.world = world
        self.identifiers = dict(
            zip(STREAMS, (known.mail, known.mail, known.login, known.login, known.object_id, known.main), strict=True)
        )
        self.message = lru_cache(maxsize=256)(world.message)
        self._emitted = lru_cache(maxsize=2048)(self._reference)

    def reference(self, sign: Sign, number: int) -> str:
        """What an event with this sign refers to."""
        if sign.about == "action":
            return self.message(number).action_id or ""
        return self._emitted(sign.stream, number)

    def _reference(self, stream: str, number: int) -> str:
        """The message as this source emits it: our id where it carries that, else what it calls the message itself."""
        if number < len(PAGES):
            return page_url(PAGES[number].path)
        message = self.message(number)
        if stream == "portal":
            return message.url
        if message.template.carries_id:
            return message.id
        return f"{message.url}?from=start#top" if stream in _PAGE_SOURCES else message.mail_id

    def entry(self, number: int) -> dict[str, Any]:
        """What `message.published` says of a message."""
        return self.world.entry(self.message(number))

    def item(self, day: int, place: int) -> Item:
        """By the number of the day it was raised on, and its place in that day."""
        items = self.world.items(date.fromordinal(day))
        about = int(items.about[place])
        return Item(items.id(place), STANCES[items.stance[place]], self.message(about).id if about else "")

    def question(self, number: int, place: int) -> Question:
        return self.message(number).template.questions[place]

    def path(self, sign: Sign, number: int) -> str:
        """The page a request asks for."""
        if sign.about == "action":
            return self.message(number).action_path
        return PAGES[number].path if number < len(PAGES) else self.message(number).path

    def link(self, number: int, place: int) -> str:
        return page_url(f"/go/{self.message(number).template.name}/{place + 1}")
