"""Catalogue files: what they put into the database, what they take back, and what is refused."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from collectors.events import Published
from metrics.entry_values import Condition
from metrics.imports.catalogue_file import CatalogueFile, read_catalogue_file
from metrics.ledger.erasure import Recogniser, erase
from metrics.ledger.published import record_published
from metrics.ledger.tables import entry as entries
from tests.metrics.office import DOOR, Office, moment, pseudonym, tombstone

YAML = """
messages:
- id: m-1
  title: "Results: the year so far"
  channel: email
  ids: [<a.b@mail.example.org>, https://Intranet.example.org/results?from=mail]
  sender: anna@example.org
  owner: internal communications
  audience: {department: [Sales, Field service], group: leaders}
  sent_at: 2026-03-02 09:00
  words: 350
  language: en
  links: 3
  expects: [read, acknowledge]
  due_at: 2026-03-09 17:00
  version: 1.10
  questions:
  - {id: q1, options: [yes, no], correct: no}
  - {id: q2, lowest: 1, highest: 5}
  urgent: yes
- {id: 42, audience: [anna@example.org, "007"], sent_at: 2026-03-02T09:00:00Z, holdout: 0.1}
"""

JSON = json.dumps(
    [
        {
            "id": "m-1",
            "title": "Results: the year so far",
            "channel": "email",
            "ids": ["<a.b@mail.example.org>", "https://Intranet.example.org/results?from=mail"],
            "sender": "Anna@example.org",
            "owner": "internal communications",
            "audience": {"department": ["Sales", "Field service"], "group": ["leaders"]},
            "sent_at": "2026-03-02T08:00:00Z",
            "words": 350,
            "language": "en",
            "links": 3,
            "expects": ["read", "acknowledge"],
            "due_at": "2026-03-09T17:00:00+01:00",
            "version": "1.10",
            "questions": [
                {"id": "q1", "options": ["yes", "no"], "correct": "no"},
                {"id": "q2", "lowest": 1, "highest": 5},
            ],
            "urgent": True,
        },
        {"id": 42, "audience": ["anna@example.org", "007"], "sent_at": "2026-03-02T09:00:00Z", "holdout": 0.1},
    ]
)

CSV = """\
id;title;channel;ids;sender;owner;audience;sent_at;words;language;links;expects;due_at;version;questions;urgent;holdout
m-1;Results: the year so far;email;<a.b@mail.example.org> https://Intranet.example.org/results?from=mail;anna@example.org;\
internal communications;{department: [Sales, Field service], group: leaders};2026-03-02 09:00;350;en;3;read acknowledge;\
2026-03-09 17:00;1.10;"[{id: q1, options: [yes, no], correct: no}, {id: q2, lowest: 1, highest: 5}]";yes;
42;;;;;;anna@example.org 007;2026-03-02T09:00:00Z;;;;;;;;;0.1
"""


def read(text: str, name: str = "messages.yaml") -> CatalogueFile:
    return read_catalogue_file(name, text.encode(), DOOR)


def test_yaml_json_and_csv_say_the_same() -> None:
    from_yaml = read(YAML)
    assert from_yaml.problems == []
    assert from_yaml == read(JSON, "messages.json") == read(CSV, "messages.csv")


def test_people_in_an_entry_are_hashed_and_times_are_read_in_the_organisations_zone() -> None:
    first, second = read(YAML).entries["m-1"], read(YAML).entries["42"]
    assert first.sender == pseudonym("anna@example.org")
    assert first.sent_at == moment("2026-03-02 09:00")
    assert second.audience == (pseudonym("anna@example.org"), pseudonym("007"))
    expected: Condition = {"department": ("Sales", "Field service"), "group": ("leaders",)}
    assert first.audience == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- title: x", "messages.yaml: id, line 1: found nothing"),
        ("- {id: a}\n- {id: a}", "messages.yaml: id, line 2: found `a`; allowed: each `id` once; line 1 has it too"),
        ("- {id: a, titel: x}", "messages.yaml: titel, line 1: found an unknown key"),
        ("- {id: a, owner: anna@example.org}", "messages.yaml: owner, line 1: found `(an address)`; allowed: a role"),
        ("- {id: a, sender: {b: c}}", "messages.yaml: sender or audience, line 1: found a value that is not shown"),
        ("- {id: a, audience: anna@example.org}", "messages.yaml: audience, line 1: found a value that is not shown"),
        ("- {id: a, audience: [[b]]}", "messages.yaml: sender or audience, line 1: found a value that is not shown"),
        ("- {id: a, sent_at: 2026-03-02}", "messages.yaml: sent_at, line 1: found `2026-03-02`; allowed: a time"),
        (
            "- {id: a, questions: [{id: q}, {id: r, lowest: 5, highest: 1}]}",
            "messages.yaml: questions[1].highest, line 1: found what does not fit the rest; allowed: more than `lowest`",
        ),
    ],
    ids=lambda text: text if text.startswith("messages") else "",
)
def test_an_error_is_told_with_its_line_and_never_quotes_an_address(text: str, expected: str) -> None:
    file = read(text)
    assert file.entries == {}
    assert [str(problem)[: len(expected)] for problem in file.problems] == [expected]
    assert "@" not in str(file.problems)


def test_a_cell_that_is_nearly_yaml_is_told() -> None:
    file = read("id,audience\na,{department: [Sales}\n", "messages.csv")
    assert [(problem.path, problem.place) for problem in file.problems] == [("messages.csv: audience", "line 2")]


def test_a_title_may_begin_with_a_bracket_in_csv() -> None:
    assert read("id,title\na,[Urgent] fire drill\n", "messages.csv").entries["a"].title == "[Urgent] fire drill"


def test_a_file_that_no_longer_has_an_entry_withdraws_it(office: Office) -> None:
    assert office.publish("messages.yaml", "- id: a\n- id: b\n").catalogue
    assert office.publish("messages.yaml", "- id: b\n").catalogue
    assert list(office.messages().messages) == ["b"]


def test_a_file_that_went_from_its_folder_withdraws_its_entries(office: Office) -> None:
    office.publish("spring.yaml", "- id: a\n")
    office.publish("summer.yaml", "- id: b\n")
    (office.catalogue / "spring.yaml").unlink()
    assert office.run().catalogue
    assert list(office.messages().messages) == ["b"]
    assert not office.run().catalogue


def test_an_entry_that_moves_to_another_file_stays(office: Office) -> None:
    office.publish("old.yaml", "- {id: a, title: first}\n")
    (office.catalogue / "old.yaml").rename(office.catalogue / "new.yaml")
    office.run()
    assert office.messages().messages["a"].title == "first"


def test_a_file_with_errors_is_refused_whole_and_what_it_said_before_stands(office: Office) -> None:
    office.publish("messages.yaml", "- id: a\n- id: b\n")
    report = office.publish("messages.yaml", "- {id: a, title: new}\n- {id: c, words: many}\n")
    assert not report.catalogue
    assert [problem.path for problem in report.problems] == ["messages.yaml: words"]
    assert {id: message.title for id, message in office.messages().messages.items()} == {"a": "", "b": ""}
    assert office.run().problems == report.problems
    assert office.publish("messages.yaml", "- {id: a, title: new}\n").problems == []
    assert {id: message.title for id, message in office.messages().messages.items()} == {"a": "new"}


def test_while_one_file_is_refused_the_others_are_read(office: Office) -> None:
    office.publish("good.yaml", "- id: a\n")
    (office.catalogue / "bad.yaml").write_text("- id: [x\n")
    report = office.publish("good.yaml", "- {id: a, title: new}\n")
    assert report.catalogue
    assert len(report.problems) == 1
    assert office.messages().messages["a"].title == "new"
    assert office.run().problems == report.problems


@pytest.mark.parametrize("first", ["a.yaml", "b.yaml"])
def test_of_two_files_with_one_entry_the_first_by_name_holds_in_whatever_order_they_came(
    office: Office, first: str
) -> None:
    text = {"a.yaml": "- {id: m, title: of a}\n", "b.yaml": "- {id: m, title: of b}\n"}
    office.publish(first, text.pop(first))
    ((second, rest),) = text.items()
    report = office.publish(second, rest)
    assert [str(problem) for problem in report.problems] == [
        "b.yaml: id: found `m`; allowed: each `id` in one file; `a.yaml` has it too, and holds"
    ]
    assert office.messages().messages["m"].title == "of a"
    (office.catalogue / "a.yaml").unlink()
    assert office.run().problems == []
    assert office.messages().messages["m"].title == "of b"


def _announce(connection: Connection, **entry: object) -> None:
    record_published(connection, [Published(dict(entry), occurred_at=1, id="e")], tombstone=tombstone)


def test_a_files_entry_wins_over_an_events_and_gives_way_when_withdrawn(office: Office) -> None:
    with office.engine.begin() as connection:
        _announce(connection, id="m", title="of the event", sent_at="2026-03-02T09:00:00Z")
    assert office.messages().messages["m"].title == "of the event"
    office.publish("messages.yaml", "- {id: m, title: of the file}\n")
    assert office.messages().messages["m"].title == "of the file"
    office.publish("messages.yaml", "[]\n")
    assert office.messages().messages["m"].title == "of the event"


def test_an_erased_person_does_not_return_with_the_next_file(office: Office) -> None:
    text = "- {id: m, sender: anna@example.org, audience: [anna@example.org, berta@example.org]}\n"
    office.publish("messages.yaml", text)
    with office.engine.begin() as connection:
        recogniser = Recogniser(unseal=bytes, holds=lambda _: False, leave_out=lambda body, *_: body)
        erase(connection, {pseudonym("anna@example.org")}, tombstone=tombstone, recogniser=recogniser)
    office.publish("messages.yaml", text + "- id: n\n")
    message = office.messages().messages["m"]
    assert (message.sender, message.audience) == (None, (pseudonym("berta@example.org"),))


def test_no_address_reaches_the_database(office: Office) -> None:
    text = "- {id: m, title: write to anna@example.org, sender: anna@example.org, audience: [anna@example.org]}\n"
    office.publish("messages.yaml", text)
    with office.engine.connect() as connection:
        assert "anna" not in str(connection.execute(select(entries)).all())


def test_a_configured_file_that_is_missing_is_told_and_takes_nothing_back(tmp_path: Path) -> None:
    office = Office(tmp_path / "office", catalogue_files=("messages.yaml",))
    office.publish("messages.yaml", "- id: m\n")
    (office.catalogue / "messages.yaml").unlink()
    report = office.run()
    assert not report.catalogue
    assert len(report.problems) == 1
    assert report.problems[0].path == "catalogue.files"
    assert list(office.messages().messages) == ["m"]
