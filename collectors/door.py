"""What an element must be to come in, and what it becomes on the way: defaults, pseudonyms for whatever names a person,
and the judgement that no decoder can get around. Reading records and counting is left to the loop."""

from collections.abc import Callable
from urllib.parse import quote_plus

from collectors.event_time import check_times
from collectors.events import ACTIONS, CHANNELS, MACHINE, STANCES, Event, Published, Undecodable
from collectors.identity import PSEUDONYM, hash_entry, looks_like_address

LONGEST_TEXT = 1024
# In a key a text of an event's parts stands beside a reference, its special characters written as three.
LONGEST_WRITTEN = 1300
# Longer than any of our classes and kinds of evidence, and shorter than a user agent that tells one device from others.
LONGEST_WORD = 64
# It stands in a key, beside a reference and another text.
LONGEST_CELL = 256
# Beyond it whole numbers lose digits as floats, and databases refuse them.
LARGEST_VALUE = 10**15
# Texts found harmless are remembered, up to so many: references and links come again and again.
REMEMBERED = 8192

_ACTIONS = frozenset(ACTIONS)
_CHANNELS = frozenset(CHANNELS)
_MACHINE = frozenset(MACHINE)
_STANCES = frozenset(STANCES)


def check_text(text: str, longest: int = LONGEST_TEXT) -> None:
    """Undecodable where a text could not be stored: too long, with a NUL (PostgreSQL has none), or with half a
    surrogate pair. One such text would fail the whole batch, again and again. `longest`: in bytes, since two texts are a key,
    and a key of PostgreSQL's has 2,704 at most."""
    if len(text) > longest:
        raise Undecodable("bad_text", f"an id or word is longer than {longest:,} bytes")
    if "\x00" in text:
        raise Undecodable("bad_text", "an id or word holds a NUL character")
    if not text.isascii():
        try:
            size = len(text.encode())
        except UnicodeEncodeError:
            raise Undecodable("bad_text", "an id or word holds half a surrogate pair") from None
        if size > longest:
            raise Undecodable("bad_text", f"an id or word is longer than {longest:,} bytes")


def judge(event: Event) -> None:
    """Undecodable where an event is none: what every decoder's events are held against, in one place.
    Channel must have been given; times are judged by `event_time`, texts by the door."""
    if event.action not in _ACTIONS:
        raise Undecodable("unknown_action", "the action is none of the contract's")
    if event.channel not in _CHANNELS:
        raise Undecodable("unknown_channel", "the channel is none of email, intranet, chat, survey")
    if not event.message and not event.item:
        raise Undecodable("no_subject", "neither a message nor an item is named")
    if event.machine not in _MACHINE:
        raise Undecodable("bad_value", "machine is none of yes, likely, no, unknown")
    if event.stance is not None and event.stance not in _STANCES:
        raise Undecodable("bad_value", "stance is none of critical, neutral, supportive")
    if event.engaged_seconds is not None and not 0 <= event.engaged_seconds < float("inf"):
        raise Undecodable("bad_value", "engaged_seconds is negative or no finite number")
    if event.value is not None and not -LARGEST_VALUE <= event.value <= LARGEST_VALUE:
        raise Undecodable("bad_value", "value is no number between -10^15 and 10^15")


class Door:
    """One source's door. `channel`: where an event names none. `as_of`: only what was received (else, where that is not
    known, occurred) by then comes in. `now`: asked only for events that nobody dated on receipt."""

    def __init__(
        self,
        *,
        source: str,
        channel: str,
        pseudonym: Callable[[str], str],
        now: Callable[[], int],
        as_of: int | None = None,
    ) -> None:
        self._source = source
        self._channel = channel
        self._pseudonym = pseudonym
        # Of a recorded past, the as-of time is the present.
        self._present = now if as_of is None else lambda: as_of
        self._as_of = as_of
        self._references: set[str] = set()
        self._texts: set[str] = set()
        self._words: set[str] = set()

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
        if self._as_of is not None and not self._was_there(event):
            return False
        judge(event)
        check_times(event.occurred_at, event.received_at, self._present)
        if identifier is not None:
            event.person = self._hash(identifier)
        elif event.person is not None and PSEUDONYM.fullmatch(event.person) is None:
            raise Undecodable("bad_person", "a pseudonym is 64 lower-case hex digits")
        self._hide_people(event)
        return True

    def admit_published(self, published: Published, received_at: int | None) -> bool:
        """The same for a catalogue entry."""
        if received_at is not None:
            published.received_at = received_at
        if published.source is None:
            published.source = self._source
        if self._as_of is not None and not self._was_there(published):
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

    def _was_there(self, outcome: Event | Published) -> bool:
        moment = outcome.received_at if outcome.received_at is not None else outcome.occurred_at
        return moment is not None and self._as_of is not None and moment <= self._as_of

    def _hash(self, identifier: str) -> str:
        try:
            return self._pseudonym(identifier)
        except ValueError as why:
            raise Undecodable("bad_person", str(why)) from None

    def _hide_people(self, event: Event) -> None:
        """Every id but the message reference, which is joined to the catalogue as it stands (and as a Message-ID
        looks like an address without being one)."""
        reference, id_, texts, words = event.message, event.id, self._texts, self._words
        if reference and reference not in self._references:
            check_text(reference)
            _remember(reference, self._references)
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

    def _hide(self, text: str, harmless: set[str], longest: int = LONGEST_TEXT) -> str:
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


def _remember(text: str, harmless: set[str]) -> None:
    if len(harmless) >= REMEMBERED:
        harmless.clear()
    harmless.add(text)
