"""Entries as messages: which one holds, which references are whose, what belongs together."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.references import message_reference
from metrics.ledger.catalogue_store import StoredEntry
from metrics.messages import Catalogue, find_unlisted, read_catalogue


def of_event(**said: object) -> StoredEntry:
    return StoredEntry(str(said["id"]), "event", None, json.dumps(said))


def of_file(**said: object) -> StoredEntry:
    return StoredEntry(str(said["id"]), "file", "messages.yaml", json.dumps(said))


def catalogue(*stored: StoredEntry) -> Catalogue:
    return read_catalogue(stored, message_reference)


def sent(day: int) -> str:
    return f"2026-03-{day:02d}T09:00:00Z"


def test_a_files_entry_holds_whole_over_an_events() -> None:
    found = catalogue(of_event(id="m", title="event", owner="a"), of_file(id="m", title="file"))
    assert (found.messages["m"].title, found.messages["m"].owner) == ("file", None)


def test_an_events_entry_that_cannot_be_read_is_counted_and_told_and_stops_nothing() -> None:
    found = catalogue(
        of_event(id="bad", sent_at="2026-03-02 09:00", owner="anna@example.org"),
        StoredEntry("worse", "event", None, '["no", "mapping"]'),
        of_event(id="good"),
    )
    assert list(found.messages) == ["good"]
    assert found.unreadable == 2
    assert found.problems[0].startswith("`bad`: its entry (of an event) is not read: owner: found `(an address)`;")
    assert "sent_at: found `2026-03-02 09:00`" in found.problems[0]
    assert found.problems[1].startswith("`worse`: its entry (of an event) is not read: ")
    assert "@" not in str(found.problems)


def test_an_events_entry_stands_in_for_a_files_that_cannot_be_read() -> None:
    found = catalogue(of_event(id="m", title="event"), of_file(id="m", words="many"))
    assert found.messages["m"].title == "event"


def test_a_message_goes_by_its_id_its_ids_and_their_canonical_forms() -> None:
    url = "HTTPS://User@Intranet.example.org:443/News?from=mail#top"
    found = catalogue(of_file(id="m", ids=["<a.b@mail.example.org>", url]))
    assert set(found.message_of_reference) == {
        "m",
        "<a.b@mail.example.org>",
        "a.b@mail.example.org",
        url,
        "https://intranet.example.org/News",
    }
    assert set(found.message_of_reference.values()) == {"m"}


@pytest.mark.parametrize(
    ("entries", "winner"),
    [
        ([{"id": "b"}, {"id": "a", "ids": ["b"]}], "b"),
        ([{"id": "b", "ids": ["r"]}, {"id": "a", "ids": ["<r>"]}], "b"),
        ([{"id": "b", "ids": ["r"]}, {"id": "a", "ids": ["r"]}], "a"),
    ],
    ids=[
        "its own id is a message's before another names it",
        "a reference as written goes before a canonical form",
        "of equal claims the first by id holds",
    ],
)
def test_a_reference_claimed_twice_is_told_and_has_one_winner(
    entries: Sequence[dict[str, object]], winner: str
) -> None:
    contested = "r" if "r" in str(entries) else "b"
    for order in (entries, entries[::-1]):
        found = catalogue(*(of_file(**each) for each in order))
        assert found.message_of_reference[contested] == winner
        loser = "a" if winner == "b" else "b"
        assert f"`{contested}` is claimed by `{winner}`, which has it, and by `{loser}`" in found.problems


def test_reminders_and_campaigns_count_a_person_once() -> None:
    found = catalogue(
        of_file(id="alone", sent_at=sent(1)),
        of_file(id="late", campaign="spring", sent_at=sent(5)),
        of_file(id="early", campaign="spring", sent_at=sent(2)),
        of_file(id="first", ids=["https://x.example/1"], sent_at=sent(3)),
        of_file(id="second", reminder_of="https://x.example/1", sent_at=sent(4)),
        of_file(id="third", reminder_of="second", sent_at=sent(5)),
        of_file(id="reminder", reminder_of="early", sent_at=sent(4)),
    )
    assert found.units == {
        "alone": ("alone",),
        "campaign spring": ("early", "reminder", "late"),
        "first": ("first", "second", "third"),
    }
    assert found.unit_of("third") == "first"


def test_a_unit_keeps_its_name_when_its_first_message_is_described_later() -> None:
    reminder = of_event(id="reminder", reminder_of="first", sent_at=sent(2))
    before = catalogue(reminder)
    assert list(before.units) == ["first"]
    assert "`reminder` is a reminder of `first`, which nobody described" in before.problems
    after = catalogue(reminder, of_file(id="first", sent_at=sent(1)))
    assert after.units == {"first": ("first", "reminder")}


def test_reminders_of_each_other_are_one_unit() -> None:
    found = catalogue(of_file(id="a", reminder_of="b"), of_file(id="b", reminder_of="a"))
    assert found.units == {"a": ("a", "b")}


def test_what_keeps_a_message_from_being_judged_is_told() -> None:
    found = catalogue(
        *(of_file(id=f"m{number}", audience="all") for number in range(5)), of_file(id="n", sent_at=sent(1))
    )
    assert found.problems == (
        "`m0`, `m1`, `m2` and 2 more: no `sent_at`, so no audience and no reading",
        "`n`: no `audience`, so no reach",
    )


def test_a_topic_that_is_not_configured_is_told_with_the_nearest() -> None:
    found = catalogue(of_file(id="a", topic="gaols"), of_file(id="b", topic="goals"), of_file(id="c"))
    assert find_unlisted(found, "topic", ()) == []
    assert find_unlisted(found, "topic", ["brand", "goals"]) == [
        "`a`: the topic `gaols` is none of the configured ones. Did you mean `goals`?"
    ]


@given(st.permutations([of_file(id=str(number), ids=["x", str(number + 1)], campaign="c") for number in range(4)]))
def test_the_order_of_entries_makes_no_difference(stored: list[StoredEntry]) -> None:
    found, ordered = catalogue(*stored), catalogue(*sorted(stored))
    assert found == ordered


def test_the_version_changes_with_any_entry() -> None:
    versions = {
        catalogue().version,
        catalogue(of_file(id="a")).version,
        catalogue(of_file(id="a", title="x")).version,
        catalogue(of_file(id="a"), of_file(id="b")).version,
    }
    assert len(versions) == 4
