"""What an entry may say, and what a reader is told when it says something else."""

import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.entries import BadEntry, Entry, read_entry, write_entry

PERSON = "ab" * 32
FULL = {
    "id": "m-1",
    "title": "Results",
    "channel": "email",
    "ids": ["https://intranet.example.org/results"],
    "sender": PERSON,
    "owner": "internal communications",
    "topic": "goals",
    "goal": "growth",
    "purpose": "inform",
    "setting": "formal",
    "audience": {"department": ["Sales"]},
    "holdout": {"site": ["Lyon"]},
    "action": "sign-up",
    "sent_at": "2026-03-02T09:00:00.5Z",
    "words": 350,
    "lix": 41.5,
    "language": "en",
    "links": 3,
    "expects": ["read", "acknowledge"],
    "due_at": "2026-03-09T09:00:00Z",
    "version": "2",
    "campaign": "spring",
    "reminder_of": "m-0",
    "content_id": "c-1",
    "questions": [{"id": "q", "options": ["a", "b"], "correct": "a", "lowest": 1, "highest": 5}],
    "totals": [{"at": "2026-03-03T09:00:00Z", "cell": {"site": "Lyon"}, "audience": 40, "delivered": 38, "opened": 20}],
    "urgent": True,
}


def problems(**said: object) -> list[str]:
    with pytest.raises(BadEntry) as refused:
        read_entry({"id": "m", **said})
    return [str(problem) for problem in refused.value.problems]


def test_every_key_of_the_contract_is_known_and_no_other() -> None:
    assert set(Entry.model_fields) == set(FULL)


def test_what_is_written_is_read_back() -> None:
    entry = read_entry(FULL)
    assert json.loads(write_entry(entry)).keys() == FULL.keys()
    assert read_entry(json.loads(write_entry(entry))) == entry
    assert write_entry(read_entry({"id": "m"})) == '{"id":"m"}'


def test_times_are_whole_microseconds() -> None:
    assert read_entry(FULL).sent_at == 1_772_442_000_500_000


def test_an_empty_value_says_nothing() -> None:
    blank: dict[str, object] = {"title": "", "owner": None, "ids": [], "audience": " ", "words": "", "questions": []}
    assert read_entry({"id": "m", **blank}) == read_entry({"id": "m"})


def test_numbers_may_be_ids_and_texts_numbers() -> None:
    entry = read_entry({"id": 41, "words": "350", "version": 2, "urgent": "no", "expects": "read reply", "ids": "a b"})
    assert (entry.id, entry.words, entry.version, entry.urgent) == ("41", 350, "2", False)
    assert (entry.expects, entry.ids) == (("read", "reply"), ("a", "b"))


def test_a_list_of_links_counts_as_many() -> None:
    assert read_entry({"id": "m", "links": ["https://a.example", "mailto:anna@example.org"]}).links == 2


def test_a_time_without_a_zone_is_read_in_the_one_given_and_refused_without() -> None:
    said = {"id": "m", "sent_at": "2026-03-02 10:00"}
    assert read_entry(said, ZoneInfo("Europe/Paris")).sent_at == 1_772_442_000_000_000
    assert problems(**said) == [
        "sent_at: found `2026-03-02 10:00`; allowed: a time with its zone, such as `2026-11-02T08:15:00Z` or "
        "`2026-11-02T09:15:00+01:00`"
    ]


@pytest.mark.parametrize(
    "audience",
    ["all", {"department": ["Sales"], "group": ["leaders"]}, {"department": "Field service"}, [PERSON], (PERSON,)],
    ids=["all", "a condition", "a single value", "people", "people as a tuple"],
)
def test_an_audience_is_all_a_condition_or_people(audience: object) -> None:
    assert read_entry({"id": "m", "audience": audience}).audience is not None


@pytest.mark.parametrize(
    "audience",
    ["everybody", "anna@example.org", ["anna@example.org"], {"department": []}, {"department": ["a@b.org"]}, 5],
    ids=["a word", "an address", "people who are not hashed", "no value", "an address as value", "5"],
)
def test_any_other_audience_is_refused_unquoted(audience: object) -> None:
    (problem,) = problems(audience=audience, title="x")
    assert problem.startswith("audience: found a value that is not shown; allowed: `all`, a condition such as")


@pytest.mark.parametrize("owner", ["anna@example.org", "Anna <anna@example.org>", PERSON])
def test_an_owner_is_never_a_person(owner: str) -> None:
    (problem,) = problems(owner=owner)
    assert "a role or a team" in problem
    assert "@" not in problem


def test_a_title_loses_the_addresses_in_it() -> None:
    assert read_entry({"id": "m", "title": "Ask anna@example.org"}).title == "Ask (an address)"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"titel": "x"}, "titel: found an unknown key"),
        ({"purpose": "sell"}, "purpose: found `sell`; allowed: `inform`, `persuade`, `act` or `engage`"),
        ({"channel": "fax"}, "channel: found `fax`; allowed: `email`, `intranet`, `chat` or `survey`"),
        ({"expects": ["love"]}, "expects: found a list of 1; allowed: `read`, `acknowledge`, `answer` or `reply`"),
        ({"words": -1}, "words: found `-1`; allowed: a whole number, 0 or more"),
        ({"words": True}, "words: found `True`; allowed: a whole number, 0 or more"),
        ({"words": float("nan")}, "words: found `nan`; allowed: a whole number, 0 or more"),
        ({"words": 10**400}, "words: found `1000000"),
        ({"urgent": "perhaps"}, "urgent: found `perhaps`; allowed: `true` or `false`"),
        ({"language": "English"}, "language: found `English`; allowed: a language tag"),
        ({"holdout": 1.5}, "holdout: found a value that is not shown; allowed: a condition such as"),
        ({"sender": "anna@example.org"}, "sender: found a value that is not shown; allowed: one identifier"),
        ({"title": "x" * 301}, "title: found `xxx"),
        ({"title": "a\x00b"}, "title: found `a"),
        ({"title": "\ud800"}, "title: found `"),
        ({"reminder_of": "m"}, "reminder_of: found what does not fit the rest; allowed: another message"),
        ({"questions": [{"id": "q", "correct": "x"}]}, "questions[0].correct: found what does not fit the rest"),
        ({"questions": [{"id": "q"}, {"id": "q"}]}, "questions: found what does not fit the rest"),
        ({"questions": [{"opions": ["a"], "id": "q"}]}, "questions[0].opions: found an unknown key"),
        ({"questions": ["q"]}, "questions[0]: found `q`; allowed: a list of mappings"),
        ({"questions": "q"}, "questions: found `q`; allowed: a list of mappings"),
    ],
    ids=lambda value: value.partition(";")[0] if isinstance(value, str) else "",
)
def test_what_may_not_stand_is_told_with_what_is_allowed(said: dict[str, object], expected: str) -> None:
    (problem,) = problems(**said)
    assert problem.startswith(expected)


def test_an_unknown_key_is_told_with_the_nearest_known_one() -> None:
    assert problems(titel="x")[0].endswith("Did you mean `title`?")
    assert problems(questions=[{"id": "q", "opions": ["a"]}])[0].endswith("Did you mean `options`?")


def test_a_due_date_lies_after_the_sending() -> None:
    at = "2026-03-02T09:00:00Z"
    assert problems(sent_at=at, due_at=at)[0].startswith("due_at: found what does not fit the rest")


def test_all_problems_are_told_at_once() -> None:
    assert len(problems(titel="x", words="many", channel="fax", owner="a@b.org", sent_at="tomorrow")) == 5


def test_an_entry_without_an_id_is_refused() -> None:
    with pytest.raises(BadEntry, match="id: found nothing"):
        read_entry({"title": "x"})


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(FULL)) | st.text(max_size=8), _json, max_size=6))
def test_whatever_an_event_says_is_an_entry_or_a_bad_one(said: dict[str, object]) -> None:
    try:
        entry = read_entry(said)
    except BadEntry as bad:
        assert bad.problems  # noqa: PT017
    else:
        assert read_entry(json.loads(write_entry(entry))) == entry
