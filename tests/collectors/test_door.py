"""What no decoder can let through, and what nobody behind the door gets to see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from collectors.door import Door
from collectors.events import ACTIONS, CHANNELS, Event, Published, Undecodable
from tests.collectors.office import NOW, pseudonym

ADDRESS = "anna@example.org"
HASHED = pseudonym(ADDRESS)
GOOD = Event("opened", message="m", channel="email")


def door() -> Door:
    return Door(source="opens", channel="email", pseudonym=pseudonym, now=lambda: NOW)


def admit(event: Event, identifier: str | None = None) -> Event:
    assert door().admit_event(event, identifier, None)
    return event


def changed(**fields: Any) -> Event:
    return msgspec.structs.replace(GOOD, **fields)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_action_of_the_contract_passes_on_every_channel(action: str, channel: str) -> None:
    event = admit(changed(action=action, channel=channel))
    assert (event.action, event.channel) == (action, channel)


def test_an_event_about_an_item_needs_no_message() -> None:
    event = admit(changed(action="raised", message=None, item="i-7"))
    assert (event.message, event.item) == (None, "i-7")


@dataclass(frozen=True)
class Bad:
    event: Event
    reason: str


BAD = {
    "an action nobody knows": Bad(changed(action="teleported"), "unknown_action"),
    "a published message passed off as an event": Bad(changed(action="message.published"), "unknown_action"),
    "a channel nobody knows": Bad(changed(channel="pigeon"), "unknown_channel"),
    "neither message nor item": Bad(changed(message=None), "no_subject"),
    "an empty message and no item": Bad(changed(message=""), "no_subject"),
    "an unknown word for machine": Bad(changed(machine="perhaps"), "bad_value"),
    "an unknown stance": Bad(changed(stance="furious"), "bad_value"),
    "negative attention": Bad(changed(engaged_seconds=-0.1), "bad_value"),
    "endless attention": Bad(changed(engaged_seconds=float("inf")), "bad_value"),
    "attention that is no number": Bad(changed(engaged_seconds=float("nan")), "bad_value"),
    "a value that is no number": Bad(changed(value=float("nan")), "bad_value"),
    "a value too large for any rating": Bad(changed(value=10**16), "bad_value"),
    "a time that cannot be true": Bad(changed(occurred_at=1), "time_out_of_range"),
    "a pseudonym that is an address": Bad(changed(person=ADDRESS), "bad_person"),
    "a pseudonym in capitals": Bad(changed(person=HASHED.upper()), "bad_person"),
    "a message too long to be a reference": Bad(changed(message="m" * 1025), "bad_text"),
    "a link too long in bytes once it is escaped": Bad(changed(link="https://example.org/" + "/%" * 220), "bad_text"),
    "a message too long in bytes to be a key": Bad(changed(message="\u6d88" * 400), "bad_text"),
    "a NUL in the message": Bad(changed(message="m\x00"), "bad_text"),
    "half a surrogate pair in the message": Bad(changed(message="m\ud800"), "bad_text"),
    "a NUL in the id": Bad(changed(id="7\x00"), "bad_text"),
    "half a surrogate pair in the id": Bad(changed(id="7\udfff"), "bad_text"),
    "an id too long to be one": Bad(changed(id="7" * 1025), "bad_text"),
    "a NUL in the link": Bad(changed(link="https://example.org/\x00"), "bad_text"),
    "a full user agent as agent": Bad(changed(agent="Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0 " * 2), "bad_text"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_event_is_refused_with_a_reason(name: str) -> None:
    with pytest.raises(Undecodable) as refusal:
        admit(changed(**msgspec.structs.asdict(BAD[name].event)))
    assert refusal.value.reason == BAD[name].reason
    assert "anna" not in refusal.value.detail


@pytest.mark.parametrize("identifier", ["", "  ", "x" * 1025, "a\ud800"])
def test_an_identifier_that_names_nobody_is_refused(identifier: str) -> None:
    with pytest.raises(Undecodable) as refusal:
        admit(changed(), identifier)
    assert refusal.value.reason == "bad_person"


def test_an_event_says_its_own_channel_and_source_where_it_has_them() -> None:
    event = admit(changed(channel="chat", source="/intranet"))
    assert (event.channel, event.source) == ("chat", "/intranet")
    plain = admit(Event("opened", message="m"))
    assert (plain.channel, plain.source) == ("email", "opens")


def test_the_records_time_of_receipt_goes_before_the_events_own() -> None:
    event = changed(received_at=NOW - 7)
    assert door().admit_event(event, None, NOW)
    assert event.received_at == NOW


def test_a_pseudonym_made_elsewhere_with_the_same_key_stays() -> None:
    assert admit(changed(person=HASHED)).person == HASHED
    assert admit(changed(person=HASHED), "ben").person == pseudonym("ben")


HIDDEN = ("id", "link", "item", "question", "choice", "version", "agent", "evidence", "source", "cell")


@pytest.mark.parametrize("field", HIDDEN)
def test_an_address_in_any_id_or_word_is_hashed(field: str) -> None:
    event = changed(**{field: ADDRESS})
    assert getattr(admit(event), field) == HASHED


def test_a_mail_link_is_hashed_whole() -> None:
    assert admit(changed(link=f"mailto:{ADDRESS}")).link == pseudonym(f"mailto:{ADDRESS}")


def test_a_message_id_stays_as_it_is_although_it_looks_like_an_address() -> None:
    assert admit(changed(message="20261102.7f3c@mail.example.org")).message == "20261102.7f3c@mail.example.org"


def test_every_field_that_holds_text_is_hidden_or_on_a_written_list() -> None:
    checked_otherwise = {"action", "message", "person", "channel", "machine", "stance"}
    texts = {field.name for field in msgspec.structs.fields(Event) if "str" in str(field.type)}
    assert texts == {*HIDDEN, *checked_otherwise}


def test_harmless_texts_are_remembered_within_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.door.REMEMBERED", 3)
    one = door()
    for number in range(10):
        event = changed(message=f"m{number}", link=f"https://example.org/{number}")
        assert one.admit_event(event, None, None)
        assert event.link == f"https://example.org/{number}"
    assert max(len(one._references), len(one._texts), len(one._words)) <= 3


def published(**entry: Any) -> Published:
    return Published(entry, id=ADDRESS)


def test_an_entry_comes_in_with_its_people_hidden_and_its_own_ids_as_they_are() -> None:
    entry = published(id="<7@mail.example.org>", ids=["<8@mail.example.org>"], sender=ADDRESS, audience=[ADDRESS])
    assert door().admit_published(entry, NOW)
    assert entry.entry == {
        "id": "<7@mail.example.org>",
        "ids": ["<8@mail.example.org>"],
        "sender": HASHED,
        "audience": [HASHED],
    }
    assert (entry.id, entry.received_at, entry.source) == (HASHED, NOW, "opens")


def _no_mapping() -> Published:
    entry = published(id="m")
    entry.entry = ["m"]  # type: ignore[assignment]
    return entry


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(_no_mapping, id="no mapping"),
        pytest.param(lambda: published(title="To all"), id="no id"),
        pytest.param(lambda: published(id=7), id="an id that is no text"),
        pytest.param(lambda: published(id="  "), id="a blank id"),
        pytest.param(lambda: published(id="m", sender=[ADDRESS]), id="a sender that is no text"),
    ],
)
def test_an_entry_without_an_id_or_with_people_who_cannot_be_hashed_is_refused(make: Callable[[], Published]) -> None:
    with pytest.raises(Undecodable) as refusal:
        door().admit_published(make(), None)
    assert refusal.value.reason == "bad_entry"


def test_an_entry_from_the_future_is_refused() -> None:
    entry = published(id="m")
    entry.occurred_at = 253_402_300_000_000_000
    with pytest.raises(Undecodable) as refusal:
        door().admit_published(entry, None)
    assert refusal.value.reason == "time_out_of_range"
