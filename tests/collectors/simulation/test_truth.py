import json
from pathlib import Path
from typing import Any

import pytest

from collectors.simulation.simulate import Simulated
from tests.collectors.simulation.recount import Recount, segments_of


@pytest.fixture(scope="module")
def messages(company_folder: Path, simulated: Simulated) -> list[dict[str, Any]]:
    lines = (company_folder / "truth" / "messages.ndjson").read_text(encoding="utf-8").splitlines()
    assert len(lines) == simulated.messages
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def injected(company_folder: Path, simulated: Simulated) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = json.loads((company_folder / "truth" / "injected.json").read_text())
    assert sum(notes["malformed"] for notes in found.values()) == simulated.malformed
    return found


def test_what_the_streams_show_agrees_with_a_plain_recount(recount: Recount, messages: list[dict[str, Any]]) -> None:
    entries, people = recount.entries(), recount.people_by_action()
    compared = 0
    for message in messages:
        if message["described"] == "nowhere" or message["message"] not in entries:
            continue
        audience = recount.audience(entries[message["message"]])
        expected: dict[str, dict[str, int]] = {}
        for action, identifiers in people.get(message["message"], {}).items():
            for identifier in identifiers & audience.keys():
                for segment in segments_of(audience[identifier]):
                    counts = expected.setdefault(segment, {})
                    counts[action] = counts.get(action, 0) + 1
        for segment, truth in message["segments"].items():
            shown = {action: count for action, count in truth["shown"].items() if count}
            assert shown == expected.get(segment, {}), (message["message"], segment)
            compared += len(shown)
    assert compared > 1000


def test_audiences_agree_with_catalogue_and_directory(recount: Recount, messages: list[dict[str, Any]]) -> None:
    entries = recount.entries()
    for message in messages:
        if message["message"] in entries:
            rows = recount.audience(entries[message["message"]]).values()
            for segment, truth in message["segments"].items():
                assert truth["audience"] == sum(segment in segments_of(row) for row in rows)


def test_every_spoilt_line_is_counted_and_no_other_is_spoilt(
    recount: Recount, injected: dict[str, dict[str, int]]
) -> None:
    assert recount.malformed == {stream: notes["malformed"] for stream, notes in injected.items() if notes["malformed"]}
    published = len(recount.published)
    assert len(recount.events) + published == sum(notes["events"] for notes in injected.values())


def test_malformed_lines_stay_far_below_what_stops_a_source(injected: dict[str, dict[str, int]]) -> None:
    for notes in injected.values():
        assert notes["malformed"] <= max(5, 0.02 * notes["events"])
    kinds = {
        kind for notes in injected.values() for kind, count in notes.items() if count and kind.startswith("malformed_")
    }
    assert len(kinds) == 5


def test_late_doubled_strange_and_anonymous_events_are_among_them(injected: dict[str, dict[str, int]]) -> None:
    for kind in ("late", "doubled", "strangers", "anonymous"):
        assert sum(notes[kind] for notes in injected.values()) > 0, kind


def test_counts_by_department_add_up_to_the_whole(messages: list[dict[str, Any]]) -> None:
    for message in messages:
        segments = message["segments"]
        for kind in ("delivered", "opened", "reached", "read", "clicked", "responded", "acknowledged"):
            parts = [truth["true"][kind] for name, truth in segments.items() if name.startswith("department=")]
            assert sum(parts) == segments["all"]["true"][kind]


def test_openings_that_no_source_could_show_stand_in_the_truth_alone(
    recount: Recount, messages: list[dict[str, Any]]
) -> None:
    rows = recount.directories()[0][1]
    blocked = {address for address, row in rows.items() if row["images"] == "blocked"}
    objecting = {address for address, row in rows.items() if row["objects"] == "true"}
    assert blocked
    people = recount.people_by_action()
    for message in messages:
        seen = people.get(message["message"], {})
        if message["channel"] == "email":
            assert not seen.get("opened", set()) & blocked
        for action in ("opened", "opened by machine", "viewed", "read", "attended", "clicked"):
            assert not seen.get(action, set()) & objecting
    mails = [message["segments"]["all"] for message in messages if message["channel"] == "email"]
    assert sum(mail["true"]["opened"] for mail in mails) > sum(mail["shown"].get("opened", 0) for mail in mails)


def test_the_share_reached_follows_the_chance_it_was_drawn_with(messages: list[dict[str, Any]]) -> None:
    # On the news site nothing but attention decides; five working days leave hardly anybody out.
    settled = [message for message in messages if message["kind"] == "strategy" and message["sent_at"] < "2026-11-01"]
    people = sum(message["segments"]["all"]["audience"] for message in settled)
    expected = sum(message["segments"]["all"]["audience"] * message["segments"]["all"]["chance"] for message in settled)
    reached = sum(message["segments"]["all"]["true"]["reached"] for message in settled)
    assert people > 300
    assert abs(reached - expected) < 0.1 * people


def test_the_truth_of_each_act_lies_within_the_audience_and_its_order(messages: list[dict[str, Any]]) -> None:
    for message in messages:
        for truth in message["segments"].values():
            true = truth["true"]
            assert true["clicked"] <= true["reached"] <= truth["audience"]
            assert true["read"] <= true["reached"]


def test_some_messages_are_described_by_events_and_one_or_two_nowhere(
    recount: Recount, messages: list[dict[str, Any]]
) -> None:
    nowhere = {message["message"] for message in messages if message["described"] == "nowhere"}
    assert 1 <= len(nowhere) <= 2
    assert recount.published
    assert not nowhere & recount.entries().keys()


def test_half_were_reached_when_half_of_the_audience_was(messages: list[dict[str, Any]]) -> None:
    settled = [message for message in messages if message["closes"]["reached"] < "2026-11-19"]
    assert len(settled) > 20
    for message in settled:
        for segment, seconds in message["half_reached_seconds"].items():
            truth = message["segments"][segment]
            assert (seconds is None) == (truth["true"]["reached"] < truth["audience"] / 2)
            assert seconds is None or seconds > 0


def test_how_far_people_read_agrees_with_who_read(messages: list[dict[str, Any]]) -> None:
    compared = 0
    for message in messages:
        for segment, steps in message.get("attention", {}).items():
            viewed = sum(steps[step] for step in ("ignored", "skimmed", "read", "engaged", "complete"))
            assert viewed <= message["segments"][segment]["true"]["reached"]
            assert (steps["mean"] is None) == (viewed == steps["ignored"])
            compared += viewed
    assert compared > 1000


def test_openings_that_nobody_saw_are_counted_as_missed(messages: list[dict[str, Any]]) -> None:
    missed = seen = 0
    for message in messages:
        if message["channel"] == "email":
            evidence, true = message["evidence"]["opened"], message["segments"]["all"]["true"]
            missed, seen = missed + evidence["missed"], seen + evidence["human"]
            assert evidence["missed"] <= true["opened"]
    assert 0.1 < missed / (missed + seen) < 0.5
