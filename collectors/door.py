"""What an element becomes on the way in: defaults, pseudonyms for whatever names a person. What it must be is left to `judgement`, reading
records and counting to the loop."""

from collections.abc import Callable, Sequence, Set
from functools import partial
from urllib.parse import quote_plus

from collectors.column import Column, Odd, each, note_odd
from collectors.decoder import DecodedMany
from collectors.event_time import check_times, check_times_of_many
from collectors.events import Event, Published, Undecodable
from collectors.identity import PSEUDONYM, Pseudonymiser, hash_entry, looks_like_address
from collectors.judgement import LONGEST_TEXT, check_text, judge, judge_many

# In a key a text of an event's parts stands beside a reference, its special characters written as three.
LONGEST_WRITTEN = 1300
# Longer than any of our classes and kinds of evidence, and shorter than a user agent that tells one device from others.
LONGEST_WORD = 64
# It stands in a key, beside a reference and another text.
LONGEST_CELL = 256
# Texts found harmless are remembered, up to so many: references and links come again and again.
REMEMBERED = 8192

_WORDS = {"cell": LONGEST_CELL, "agent": LONGEST_WORD, "evidence": LONGEST_WORD}
_LONGEST = _WORDS | dict.fromkeys(("source", "link", "item", "question", "choice", "version"), LONGEST_TEXT)


class Door:
    """One source's door. `channel`: where an event names none. `as_of`: only what was received (else, where that is not
    known, occurred) by then comes in. `now`: asked only for events that nobody dated on receipt."""

    def __init__(
        self,
        *,
        source: str,
        channel: str,
        pseudonym: Pseudonymiser,
        now: Callable[[], int],
        as_of: int | None = None,
    ) -> None:
        self._source = source
        self._channel = channel
        self._pseudonym = pseudonym
        # Of a recorded past, the as-of time is the present.
        self._present = now if as_of is None else lambda: as_of
        self._as_of = as_of
        self._references: set[str | None] = {None}
        self._texts: set[str | None] = {None}
        self._words: set[str | None] = {None}

    def admit_event(self, event: Event, identifier: str | None, received_at: int | None) -> bool:
        """Complete the event in place; `received_at` is the record's. False: left out, being later than the as-of
        time. Undecodable: it is none."""
        if received_at is not None:
            event.received_at = received_at
        if event.channel is None:
            event.channel = self._channel
        if event.source is None:
            event.source = self._source
        elif event.source not in self._texts:
            event.source = self._hide(event.source, self._texts)
        if self._as_of is not None and not self._was_there(event.occurred_at, event.received_at):
            return False
        judge(event)
        check_times(event.occurred_at, event.received_at, self._present)
        if identifier is not None:
            event.person = self._hash(identifier)
        elif event.person is not None and PSEUDONYM.fullmatch(event.person) is None:
            raise Undecodable("bad_person", "a pseudonym is 64 lower-case hex digits")
        self._hide_people(event)
        return True

    def admit_many(self, decoded: DecodedMany) -> tuple[Sequence[Column], Odd]:
        """What many events become, which know already when they were received: a column for each field of `Event`, in its order, and the
        places of those that are odd, of which `admit_event` tells."""
        given, odd = decoded.columns, decoded.odd
        nothing: Column = [None] * len(given["action"])
        columns = {name: given.get(name, nothing) for name in Event.__struct_fields__}
        for name, ours in (("channel", self._channel), ("source", self._source)):
            if not all(columns[name]):
                columns[name] = [ours if value is None else value for value in columns[name]]
        occurred_at, received_at = columns["occurred_at"], columns["received_at"]
        if self._as_of is not None:
            note_odd(odd, (not self._was_there(*times) for times in zip(occurred_at, received_at, strict=True)))
        judge_many(columns, odd)
        check_times_of_many(occurred_at, received_at, self._present, odd)
        if "person" in given:
            note_odd(odd, (person and not PSEUDONYM.fullmatch(person) for person in given["person"]))
        if decoded.identifiers is not None:
            hashed = each(decoded.identifiers, self._hash, odd, self._pseudonym.known)
            pairs = zip(hashed, columns["person"], strict=True)
            columns["person"] = (
                [person if name is None else name for name, person in pairs] if "person" in given else hashed
            )
        self._hide_people_of_many(columns, given.keys() | {"source"}, odd)
        return list(columns.values()), odd

    def admit_published(self, published: Published, received_at: int | None) -> bool:
        """The same for a catalogue entry."""
        if received_at is not None:
            published.received_at = received_at
        if published.source is None:
            published.source = self._source
        if self._as_of is not None and not self._was_there(published.occurred_at, published.received_at):
            return False
        check_times(published.occurred_at, published.received_at, self._present)
        if not isinstance(published.entry, dict):
            raise Undecodable("bad_entry", "a catalogue entry is a mapping")
        name = published.entry.get("id")
        if not isinstance(name, str) or not name.strip():
            raise Undecodable("bad_entry", "a catalogue entry has an id, and the id is text")
        check_text(name)
        published.entry = hash_entry(published.entry, self._pseudonym)
        if published.id is not None:
            published.id = self._hide(published.id, self._texts)
        return True

    def _was_there(self, occurred_at: int | None, received_at: int | None) -> bool:
        moment = received_at if received_at is not None else occurred_at
        return moment is not None and self._as_of is not None and moment <= self._as_of

    def _hash(self, identifier: str) -> str:
        try:
            return self._pseudonym(identifier)
        except ValueError as why:
            raise Undecodable("bad_person", str(why)) from None

    def _hide_people_of_many(self, columns: dict[str, Column], given: Set[str], odd: Odd) -> None:
        """`given`: the columns that hold anything."""
        if not self._references.issuperset(columns["message"]):
            each(columns["message"], self._refer, odd)
        together = "".join(filter(None, columns["id"]))
        plain = together.isascii() and not ("@" in together or "%" in together or "\x00" in together)
        if not plain or max(map(len, filter(None, columns["id"])), default=0) > LONGEST_TEXT:
            columns["id"] = each(columns["id"], partial(self._hide_if, harmless=self._texts, longest=LONGEST_TEXT), odd)
        for name in given & _LONGEST.keys():
            harmless, longest = self._words if name in _WORDS else self._texts, _LONGEST[name]
            if not harmless.issuperset(columns[name]):
                columns[name] = each(columns[name], partial(self._hide_if, harmless=harmless, longest=longest), odd)

    def _refer(self, reference: str) -> None:
        if reference and reference not in self._references:
            check_text(reference)
            _remember(reference, self._references)

    def _hide_if(self, text: str, harmless: set[str | None], longest: int) -> str:
        return text if text in harmless else self._hide(text, harmless, longest)

    def _hide_people(self, event: Event) -> None:
        """Every id but the message reference, which is joined to the catalogue as it stands (and as a Message-ID
        looks like an address without being one)."""
        reference, id_, texts, words = event.message, event.id, self._texts, self._words
        if reference and reference not in self._references:
            self._refer(reference)
        # Ids are new every time: the nearly certain case is told here, without a call.
        if id_ is not None and (
            "@" in id_ or "%" in id_ or "\x00" in id_ or not id_.isascii() or len(id_) > LONGEST_TEXT
        ):
            event.id = self._hide(id_, texts)
        if event.link is not None and event.link not in texts:
            event.link = self._hide(event.link, texts)
        if event.item is not None and event.item not in texts:
            event.item = self._hide(event.item, texts)
        if event.question is not None and event.question not in texts:
            event.question = self._hide(event.question, texts)
        if event.choice is not None and event.choice not in texts:
            event.choice = self._hide(event.choice, texts)
        if event.version is not None and event.version not in texts:
            event.version = self._hide(event.version, texts)
        if event.cell is not None and event.cell not in words:
            event.cell = self._hide(event.cell, words, LONGEST_CELL)
        if event.agent is not None and event.agent not in words:
            event.agent = self._hide(event.agent, words, LONGEST_WORD)
        if event.evidence is not None and event.evidence not in words:
            event.evidence = self._hide(event.evidence, words, LONGEST_WORD)

    def _hide(self, text: str, harmless: set[str | None], longest: int = LONGEST_TEXT) -> str:
        check_text(text, longest)
        if len(text) > LONGEST_WRITTEN // 12 and len(quote_plus(text)) > LONGEST_WRITTEN:
            raise Undecodable(
                "bad_text",
                f"a link or word is longer than {LONGEST_WRITTEN:,} bytes when its special characters are escaped",
            )
        if looks_like_address(text):
            return self._hash(text)
        _remember(text, harmless)
        return text


def _remember(text: str, harmless: set[str | None]) -> None:
    if len(harmless) >= REMEMBERED:
        harmless.clear()
        harmless.add(None)
    harmless.add(text)
