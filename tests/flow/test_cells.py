"""The mode `cells` over the whole road: tokens of one message and the cells that they stand in become readings, and nobody is known over
two messages."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

import service as commands
from config.commands import REFUSED
from config.load import load
from metrics.moments import write_moment
from metrics.snapshot import PublishedReading, Snapshot
from roles import Service
from sites import Site
from tests.flow.company import run_road
from tests.flow.office import DAY, SENT

TARGETS: list[dict[str, Any]] = [
    {"name": "delivered", "indicator": "delivered", "value": 0.9},
    {"name": "opened", "indicator": "opened", "value": 0.4},
    {"name": "opened_by_department", "indicator": "opened", "by": "department"},
    {"name": "opened_in_lyon", "indicator": "opened", "scope": {"segment": "site=Lyon"}},
    {"name": "reach", "indicator": "reach", "value": 0.4},
    {"name": "time_to_reach", "indicator": "time_to_reach"},
    {"name": "understood", "indicator": "comprehension"},
    {"name": "unmeasurable", "indicator": "unmeasurable"},
    {"name": "gap", "indicator": "segment_gap", "by": "department"},
    {"name": "items", "indicator": "loop_closure", "period": "rolling 60 days"},
]
SALES, SERVICE = {"department": "Sales", "site": "Lyon"}, {"department": "Service", "site": "Oslo"}
CELLS = [(SALES, 60), (SERVICE, 40)]
ENTRY = {
    **{"id": "m", "channel": "email", "sent_at": write_moment(SENT * 1_000_000), "sender": "anna@example.org"},
    "totals": [{"at": write_moment(SENT * 1_000_000), "cell": cell, "audience": people} for cell, people in CELLS],
    "questions": [{"id": "q", "options": ["yes", "no"], "correct": "yes"}],
}


def tokens(cell: dict[str, str], numbers: Iterable[int]) -> list[tuple[str, dict[str, str]]]:
    return [(f"{cell['department']}-{number}", cell) for number in numbers]


class Post:
    """Events of a source that hands over tokens, and the configuration around them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entries: list[dict[str, Any]] = [ENTRY]
        (folder / "email").mkdir()

    def tell(
        self, action: str, who: Iterable[tuple[str, dict[str, str]]], *, about: str = "m", day: float = 1, **data: Any
    ) -> None:
        with (self.folder / "email" / "lines").open("a", encoding="utf-8") as stream:
            for token, cell in who:
                event = {
                    **{"specversion": "1.0", "source": "/t", "type": f"earshot.{action}", "subject": about},
                    **{"id": f"{action}-{about}-{token}", "time": write_moment(int(SENT + day * DAY) * 1_000_000)},
                    "data": {"address": token, "cell": cell, **data},
                }
                stream.write(json.dumps(event) + "\n")

    def site(self, **changes: Any) -> Site:
        (self.folder / "messages.json").write_text(json.dumps(self.entries), encoding="utf-8")
        written = {
            **{"mode": "cells", "data": "data", "targets": TARGETS, "catalogue": {"files": ["messages.json"]}},
            **{"directory": {"segments": ["department", "site"]}, "retention": {"sets": "80 days"}},
            "sources": [{"name": "mail", "decoder": "cloudevents", "channel": "email", "from": {"files": "email"}}],
            **changes,
        }
        (self.folder / "earshot.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
        loaded = load(self.folder / "earshot.yaml", {})
        assert loaded.settings is not None, loaded.problems
        return Site(loaded.settings)

    def publish(self, *, days: float = 15) -> Snapshot:
        now = int(SENT + days * DAY) * 1_000_000
        with Service(self.site(), lambda: now, finish=True) as service:
            run_road(service)
            return service.evaluation.publish(now, caught_up=True)


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """90 of 100 people get it, 50 of these open it, 20 by a proxy alone; of 15 that answer 12 are right."""
    made = Post(tmp_path)
    everybody = [*tokens(SALES, range(55)), *tokens(SERVICE, range(35))]
    made.tell("delivered", everybody, day=0)
    made.tell("opened", tokens(SALES, range(40)))
    made.tell("opened", tokens(SERVICE, range(10)))
    made.tell("opened", tokens(SALES, range(30, 50)), machine="yes")
    made.tell("answered", tokens(SALES, range(12)), question="q", choice="yes")
    made.tell("answered", tokens(SERVICE, range(3)), question="q", choice="no")
    return made


def of(snapshot: Snapshot, target: str, segment: str = "all") -> PublishedReading:
    return next(one for one in snapshot.readings if (one.target, one.segment) == (target, segment))


def test_tokens_and_cells_become_readings(post: Post) -> None:
    snapshot = post.publish()
    opened = of(snapshot, "opened")
    assert (opened.numerator, opened.denominator, opened.parts.P, opened.parts.E) == (50, 90, 10, 100)
    sales = of(snapshot, "opened_by_department", "department=Sales")
    service = of(snapshot, "opened_by_department", "department=Service")
    assert (sales.numerator, sales.denominator, sales.parts.E) == (40, 55, 60)
    assert (service.numerator, service.denominator, service.parts.E) == (10, 35, 40)
    lyon = of(snapshot, "opened_in_lyon", "site=Lyon")
    assert (lyon.numerator, lyon.denominator) == (40, 55)
    reach = of(snapshot, "reach")
    assert (reach.numerator, reach.denominator, reach.verdict) == (50, 100, "met"), "whoever did nothing was meant too"
    assert of(snapshot, "time_to_reach").value == 8 * 3600 + 300, "a working day later, at the end of its five minutes"
    # 12 right, 3 wrong of two options: (12 - 3) / 15.
    assert of(snapshot, "understood").value == pytest.approx(0.6)


def test_the_same_token_under_two_messages_is_two_people(post: Post) -> None:
    post.entries.append({**ENTRY, "id": "n"})
    post.tell("opened", tokens(SALES, range(40)), about="n")
    post.publish()
    database = sqlite3.connect(post.folder / "data" / "earshot.db")
    (people,) = database.execute("SELECT count(*) FROM person").fetchone()
    sets = database.execute("SELECT reference, detail FROM fact_set").fetchall()
    text = "\n".join(database.iterdump())
    database.close()
    assert people == 90 + 40
    assert {reference for reference, _ in sets} == {"m", "n"}
    assert "anna@example.org" not in text
    assert "Sales-1" not in text


def test_an_event_without_a_cell_counts_in_the_one_that_its_token_came_with_elsewhere(post: Post) -> None:
    post.tell("opened", [("Sales-50", {}), ("Sales-51", {})], day=1.5)
    snapshot = post.publish()
    assert of(snapshot, "opened").numerator == 52
    assert of(snapshot, "opened_by_department", "department=Sales").numerator == 42


def test_a_message_whose_people_nobody_counted_has_no_reading(post: Post) -> None:
    post.entries = [{key: value for key, value in ENTRY.items() if key != "totals"}]
    assert of(post.publish(), "opened").verdict == "undetermined"


def test_figures_stand_after_the_grace_and_tokens_go_with_their_message(post: Post) -> None:
    before = of(post.publish(), "opened")
    after = of(post.publish(days=25), "opened")
    assert (before.numerator, before.denominator) == (after.numerator, after.denominator) == (50, 90)
    post.publish(days=82)
    database = sqlite3.connect(post.folder / "data" / "earshot.db")
    assert database.execute("SELECT count(*) FROM person").fetchone() == (0,)
    database.close()


@pytest.mark.parametrize("indicator", ["period_reach", "cascade", "addressable", "action", "joined"])
def test_what_needs_to_know_people_beyond_a_message_is_refused(
    post: Post, capsys: pytest.CaptureFixture[str], indicator: str
) -> None:
    post.site(targets=[{"name": "asked", "indicator": indicator}])
    assert commands.main(["--config", str(post.folder / "earshot.yaml"), "check"]) == REFUSED
    assert f"tokens of one message, which cannot tell `{indicator}`" in " ".join(capsys.readouterr().out.split())
