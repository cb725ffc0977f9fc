"""The statement on privacy says what the configuration does: golden texts, and no key that matters to privacy leaves it as it was."""

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from collectors.events import ACTIONS
from config.describe import is_list, is_part, keys_of, kind_at
from config.grafana import Grafana
from config.kafka import KafkaSettings
from config.part import Part
from config.schema import Settings
from metrics.document import Heading, to_markdown
from metrics.indicators import INDICATORS
from metrics.privacy.kept import KINDS
from metrics.privacy.statement import statement
from metrics.privacy.uses import ITEMS
from tests.metrics.privacy.made import ROOT, given_by, settings_of, standing, text_of

GOLDEN = Path(__file__).parent / "golden"
CONFIGURATIONS = {
    "sample": ROOT / "config" / "sample.yaml",
    "starter": ROOT / "config" / "starter.yaml",
    "empty": ROOT / "tests" / "config" / "good" / "empty.yaml",
    "cells": ROOT / "tests" / "config" / "good" / "tokens_alone.yaml",
    "counts": ROOT / "tests" / "config" / "good" / "totals_alone.yaml",
}

BASE: dict[str, Any] = {
    "sources": [
        {"name": "mail", "decoder": "sendgrid", "from": {"files": "/mail"}, "channel": "email"},
        {"name": "news", "decoder": "access_log", "from": {"files": "/news"}, "channel": "intranet"},
    ],
    "directory": {"segments": ["department"]},
    "targets": [{"name": "confirmed", "indicator": "acknowledged", "value": 0.9}],
}
# What each key that matters is changed to, beside `BASE`.
CHANGED: dict[str, Any] = {
    "organisation.name": "Northwind",
    "organisation.zone": "Europe/Paris",
    "key_file": "/run/secrets/key",
    "store": "postgresql://ledger/earshot",
    "store_file": "/run/secrets/store",
    "mode": {"mode": "counts", "targets": []},
    "sources.name": "post",
    "sources.decoder": "cloudevents",
    "sources.channel": "chat",
    "sources.shows": ["delivered"],
    "sources.delivered": False,
    "directory.segments": ["site"],
    "targets.name": "agreed",
    "targets.indicator": "opened",
    "targets.title": "Everybody agrees",
    "targets.window": "8 working days",
    "targets.period": "month",
    "targets.scope.channel": "chat",
    "targets.scope.topic": "safety",
    "targets.scope.goal": "growth",
    "targets.scope.purpose": "act",
    "targets.scope.setting": "formal",
    "targets.scope.owner": "Compliance",
    "targets.scope.segment": "department=Sales",
    "targets.by": "department",
    "targets.judge": "process",
    "targets.minimum_people": 30,
    "targets.owner": "Compliance",
    "targets.value": {"value": "last quarter + 0.05"},
    "targets.values": {"values": {"department=Sales": "last quarter + 0.05"}},
    "disclosure.k": 25,
    "disclosure.lowered_by": {"k": 7, "lowered_by": ["works council", "data protection officer"]},
    "disclosure.roles_of_few": ["Head of production"],
    "retention.late_grace": "3 days",
    "retention.sets": "200 days",
    "retention.dead_letters": "10 days",
    "page.host": "0.0.0.0",
    "page.port": 8790,
    "page.titles": False,
    "page.messages": 5,
    "sample.people": 90,
    "kafka.dead_letter_topic": "letters",
    "grafana.url": {"url": "https://grafana.example.org", "token_file": "/token"},
}
# Where files lie, and how figures are computed and told of: nothing in it says more, or less, of anybody.
SAYS_NOTHING = {
    *("organisation.working_hours.days", "organisation.working_hours.start", "organisation.working_hours.end"),
    *("organisation.holidays", "organisation.holidays_of"),
    *("data", "sources.from.files", "sources.lateness", "sources.silent_after", "sources.options", "catalogue.files"),
    *("catalogue.topics", "directory.topics", "directory.files", "directory.as_of", "directory.largest_loss"),
    *("indicators.words_per_minute", "indicators.topics", "indicators.goals", "indicators.plan"),
    *("indicators.alignment_question", "indicators.advocacy_question", "indicators.gap_of"),
    *("targets.direction", "targets.assume", "targets.blind_share", "targets.severity", "targets.what_to_do"),
    *("page.series_limit", "evaluate_every", "sample.directory", "sample.days", "sample.seed"),
    "disclosure.epoch",  # has one value alone
    # Where keys and brokers are, and what dashboards look like.
    *("erasure_key_file", "sources.from.topics", "sources.from.topic_pattern", "worker.host", "worker.port"),
    *(f"kafka.{name}" for name in KafkaSettings.model_fields if name != "dead_letter_topic"),
    *(f"grafana.{name}" for name in Grafana.model_fields if name not in ("url", "annotations")),
    "grafana.annotations",  # says something where there is a Grafana alone: a test of its own
}


def keys(part: type[Part], path: str = "") -> Iterator[str]:
    """Every key of the schema that holds a value."""
    for key in keys_of(part):
        kind = kind_at(part, (key,))
        assert kind is not None
        entry = kind_at(part, (key, 0)) if is_list(kind) else None
        inner = next((found[0] for found in (kind, entry) if found is not None and is_part(found[0])), None)
        if inner is None:
            yield f"{path}{key}"
        else:
            yield from keys(inner, f"{path}{key}.")


def changed(path: str, value: Any) -> Settings:
    """`BASE` with one key changed, or a few of its neighbours where they hang together."""
    written: dict[str, Any] = {
        **BASE,
        "targets": [dict(BASE["targets"][0])],
        "sources": [dict(each) for each in BASE["sources"]],
    }
    *parts, last = path.split(".")
    inner: Any = written
    if parts == ["sample"]:
        written["sample"] = {"directory": "/sample"}
    for part in parts:
        inner = inner[part][0] if isinstance(inner.get(part), list) else inner.setdefault(part, {})
    inner.update(value if isinstance(value, dict) else {last: value})
    return Settings.model_validate(written, context={"folder": Path("/")})


def test_every_key_of_the_schema_is_held_against_the_statement_or_named_as_one_that_says_nothing() -> None:
    assert set(keys(Settings)) == CHANGED.keys() | SAYS_NOTHING


def test_messages_noted_in_grafana_are_said_to_be_with_their_titles_where_these_may_be_shown() -> None:
    def told(**grafana: Any) -> str:
        found = {**BASE, "grafana": {"url": "https://grafana.example.org", "token_file": "/token", **grafana}}
        return text_of(Settings.model_validate(found, context={"folder": Path("/")}))

    assert "that a message was sent, and its title" in told()
    assert "that a message was sent" not in told(annotations=False)


@pytest.mark.parametrize("path", sorted(CHANGED.keys() - SAYS_NOTHING))
def test_a_change_of_what_matters_to_privacy_changes_the_statement(path: str) -> None:
    usual = (
        changed("sample.people", 600)
        if path.startswith("sample.")
        else changed("organisation.name", "our organisation")
    )
    assert text_of(changed(path, CHANGED[path])) != text_of(usual)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_the_statement_is_the_golden_one(name: str) -> None:
    text = text_of(settings_of(CONFIGURATIONS[name]))
    file = GOLDEN / f"{name}.md"
    if os.environ.get("EARSHOT_GOLDEN") == "1":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_every_kind_that_can_come_in_has_its_words() -> None:
    steps = {"decided", "implemented", "recognised"}
    assert set(KINDS) == ({*ACTIONS} - steps) | {"engaged", ITEMS}


def test_every_indicator_is_said_to_be_asked_or_not() -> None:
    text = text_of(changed("targets.indicator", "reach"))
    asked, rest = text.split("## What is not asked")
    idle = rest.split("\n## ")[0]
    for name in INDICATORS:
        assert (f"`{name}`" in idle) == (name != "reach")
    assert "`reach`: Did the message" in asked


def test_what_no_target_needs_is_said_to_be_recorded_all_the_same() -> None:
    text = text_of(changed("targets.indicator", "delivered"))
    needed, idle = text.split("### Recorded, though no target needs it")
    assert "| `bounced`" in needed
    for kind in ("opened", "clicked", "unsubscribed", "viewed"):
        assert f"| `{kind}`" in idle.split("### Besides")[0]
        assert f"| `{kind}`" not in needed


def test_with_a_database_it_says_whether_what_nobody_needs_has_come_in() -> None:
    text = text_of(changed("targets.indicator", "delivered"), standing=standing())
    assert "| `complained`: they reported it as unwanted | `mail` | has come in |" in text
    assert "| `unsubscribed`: they unsubscribed | `mail` | has never come in |" in text


def test_what_stands_is_told_in_sums_and_small_ones_are_not() -> None:
    text = text_of(changed("disclosure.k", 10), standing=standing())
    assert "- facts with times: of 12 messages, the first sent 2026-10-26 07:33 UTC" in text
    assert "of 42 messages, the first sent" in text
    assert "fewer than 10 references" in text
    assert "90 answers, no reactions, 17 feedback items" in text
    assert "fewer than 10 marks of erased pseudonyms" in text
    assert "under this configuration" in text
    assert "fewer than 25 feedback items" in text_of(changed("disclosure.k", 25), standing=standing())


def test_figures_published_under_another_configuration_are_told_apart() -> None:
    settings = changed("disclosure.k", 10)
    assert "**another configuration**" in text_of(settings, standing=standing(configuration="f" * 16))
    assert "Nothing is published yet" in text_of(settings, standing=standing(published=None))


@pytest.mark.parametrize(
    ("private", "said"),
    [(True, "Its owner alone may read it"), (False, "this has to be mended"), (None, "It is not there yet")],
)
def test_a_key_that_others_can_read_is_named_as_a_fault(private: bool | None, said: str) -> None:
    assert said in text_of(changed("disclosure.k", 10), key_is_private=private)


def test_retention_beyond_what_targets_need_is_said() -> None:
    # 28 days, five working days over a week-end, seven days of grace.
    assert "`confirmed`: 42 days. They are kept for 200 days: **158 days more" in text_of(
        changed("retention.sets", "200 days")
    )
    assert "no longer than that" in text_of(changed("retention.sets", "42 days"))
    assert "**No target needs any of it**" in text_of(Settings())


def test_what_operators_write_is_never_taken_for_a_sign() -> None:
    settings = changed("organisation.name", "A | B <b> `c` **d**")
    lines = to_markdown(statement(given_by(settings))).splitlines()
    assert lines[0].endswith(r"A \| B \<b\> \`c\` \*\*d\*\*")


def test_tables_are_whole_and_headings_in_order() -> None:
    blocks = statement(given_by(settings_of(CONFIGURATIONS["sample"])))
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    assert levels[0] == 1
    assert all(later <= before + 1 and later > 1 for before, later in pairwise(levels))
    for block in blocks:
        rows = getattr(block, "rows", ())
        assert all(len(row) == len(block.head) and all(row) for row in rows)  # type: ignore[union-attr]


def test_lengths_are_given_in_days() -> None:
    assert "48 hours (2 days) after a message's last window" in text_of(changed("retention.late_grace", "48 hours"))


def test_in_the_mode_without_people_nothing_is_said_to_be_kept_of_any() -> None:
    text = text_of(settings_of(CONFIGURATIONS["counts"]))
    assert "**no person is kept, by no pseudonym either.**" in text
    assert "HMAC" not in text
    assert "it cannot give" in text
    assert "`time_to_reach`" in text.split("it cannot give")[1].split("\n")[0]
