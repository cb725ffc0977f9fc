"""What nobody was ever seen doing on a channel cannot be told there: logs without users, empty streams, pixels that nobody loads."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from config.schema import Settings
from metrics.evaluate import Evaluator
from metrics.snapshot import PublishedReading
from roles import Service
from sites import Site
from tests.flow.company import SHOWS, run_road
from tests.oracle.compare import compare
from tests.oracle.oracle import Oracle
from tests.oracle.small_company import SmallCompany, at

REACH = {"name": "reach", "indicator": "reach", "value": 0.8}
TARGETS = (
    REACH,
    {"name": "opened", "indicator": "opened", "value": 0.65},
    {"name": "response", "indicator": "response", "value": 0.5},
    {"name": "acknowledged", "indicator": "acknowledged", "value": 0.95},
)
NOW = "2026-11-12T12:00:00Z"  # the windows of Monday's messages have closed, their times still stand
LATER = "2026-11-24T12:00:00Z"  # their times are gone
PEOPLE = [f"p{number:02d}" for number in range(60)]  # figures of fewer than fifty would stand until the day is over


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    rows = "".join(f"{name}@example.org,\n" for name in PEOPLE)
    return SmallCompany(tmp_path, {"people.csv": f"address,objects\n{rows}"})


def settle(company: SmallCompany, targets: Sequence[dict[str, Any]] = TARGETS) -> Settings:
    return company.settings(targets).model_copy(update={"data": company.folder / "data"})


def road(settings: Settings, now: str = NOW, *, as_of: str | None = None) -> Service:
    return Service(Site(settings, None if as_of is None else at(as_of)), lambda: at(now), finish=True)


def verdicts(service: Service) -> dict[str, str]:
    assert service.front.snapshot is not None
    return {one.target: f"{one.verdict} {one.reason}".strip() for one in service.front.snapshot.readings}


def travel(settings: Settings, now: str = NOW, *, as_of: str | None = None) -> dict[str, str]:
    """The verdicts as of a moment, by target, once the oracle has agreed to every figure."""
    with road(settings, now, as_of=as_of) as service:
        run_road(service)
        moment = at(as_of or now)
        ours = [reading for _, reading in service.evaluation.answer(moment).readings]
        assert compare(ours, Oracle(settings, shows=SHOWS).readings(moment)) == []
        return verdicts(service)


def tell(company: SmallCompany, action: str, who: Sequence[str], when: str = "10:00", **more: Any) -> None:
    for name in who:
        company.tell(action, name, when, **more)


def test_a_log_without_users_tells_of_nobody_that_they_were_not_reached(company: SmallCompany) -> None:
    company.add_source("pages", "intranet", decoder="access_log", options={"site": "https://intranet.example.org"})
    company.send("m", channel="intranet", ids=["https://intranet.example.org/news"])
    line = '192.0.2.7 - {} [02/Nov/2026:10:00:00 +0000] "GET /{} HTTP/1.1" 200 512 "-" "Firefox"'
    company.streams["pages"] += [line.format("-", "news")] * 30
    assert travel(settle(company, [REACH])) == {"reach": "undetermined no_value"}
    # Somebody who is signed in, on whatever page, and all who were not seen on this one are known not to have been there.
    company.streams["pages"].append(line.format("stranger", "menu"))
    assert travel(settle(company, [REACH])) == {"reach": "missed"}


@pytest.mark.parametrize(
    "who", [pytest.param((), id="an empty stream"), pytest.param(("",), id="events by nobody in particular")]
)
def test_a_channel_that_never_named_anybody_cannot_judge(company: SmallCompany, who: Sequence[str]) -> None:
    company.add_source("pages", "intranet", delivered=False)
    company.send("m", channel="intranet", expects=["reply", "acknowledge"])
    for _ in who:
        company.tell("viewed", "nobody", "10:00", source="pages", address=None)
    found = travel(settle(company))
    assert set(found.values()) == {"undetermined no_value"}


def test_mails_that_nobody_ever_opened_are_not_tracked_and_their_answers_are_judged_apart(
    company: SmallCompany,
) -> None:
    company.add_source("mail", "email")
    company.send("m", expects=["reply"])
    tell(company, "delivered", PEOPLE, "09:00")
    tell(company, "replied", PEOPLE[:4])
    found = travel(settle(company))
    # Four were reached for certain, the others perhaps.
    assert (found["opened"], found["reach"]) == ("undetermined no_value", "undetermined straddles")
    assert found["response"] == "missed"
    tell(company, "opened", PEOPLE[:8])
    found = travel(settle(company))
    assert (found["opened"], found["reach"], found["response"]) == ("missed", "missed", "missed")


def test_what_is_seen_for_the_first_time_changes_what_stood(company: SmallCompany) -> None:
    """In one process; and nothing but that channel's is counted anew."""
    company.add_source("pages", "intranet", delivered=False)
    company.add_source("mail", "email")
    company.send("page", channel="intranet")
    company.send("mail", channel="email")
    company.tell("opened", "p01", "10:00", about="mail")
    targets = [{**REACH, "name": channel, "scope": {"channel": channel}} for channel in ("intranet", "email")]
    settings = settle(company, targets)
    stream = company.folder / "pages" / "lines"
    with road(settings) as service:
        run_road(service)
        assert verdicts(service) == {"intranet": "undetermined no_value", "email": "missed"}
        assert any(note.startswith("intranet: no record ever named anybody") for note in _notes(service))
        counted = _count_counting(service)
        run_road(service)
        company.tell("viewed", "p02", "10:00", about="another page", source="pages")
        stream.write_text("".join(f"{line}\n" for line in company.streams["pages"]), encoding="utf-8")
        run_road(service)
        assert verdicts(service) == {"intranet": "missed", "email": "missed"}
        assert not any(note.startswith("intranet") for note in _notes(service))
        company.tell("viewed", "p03", "10:00", about="another page", source="pages")
        stream.write_text("".join(f"{line}\n" for line in company.streams["pages"]), encoding="utf-8")
        run_road(service)
    assert counted == [0, 1, 0]


def _notes(service: Service) -> tuple[str, ...]:
    assert service.front.snapshot is not None
    return service.front.snapshot.notes


def _count_counting(service: Service) -> list[int]:
    """How many campaigns each tick from now on counts."""
    evaluator: Evaluator = service.evaluation._evaluator
    counts, count = [], evaluator.count_dirty

    def counting(*arguments: Any, **more: Any) -> int:
        counts.append(count(*arguments, **more))
        return counts[-1]

    evaluator.count_dirty = counting  # type: ignore[method-assign]
    return counts


def test_a_message_of_which_nothing_is_recorded_yet_stops_nobody_though_some_object(company: SmallCompany) -> None:
    company.directory["people.csv"] += "eve@example.org,true\n"
    company.add_source("pages", "intranet", delivered=False)
    company.send("quiet", channel="intranet")
    company.tell("viewed", "p01", "10:00", about="another page", source="pages")
    assert travel(settle(company, [REACH])) == {"reach": "missed"}


def test_a_campaign_keeps_what_it_was_judged_by_when_its_times_went(company: SmallCompany) -> None:
    company.add_source("pages", "intranet", delivered=False)
    company.send("old", channel="intranet")
    company.send("new", "2026-11-17T09:00:00Z", channel="intranet")
    settings = settle(company, [{**REACH, "period": "message"}])
    with road(settings, LATER) as service:
        run_road(service)
        before = _of_message(service, "old")
    company.tell("viewed", "p01", "2026-11-17T10:00:00Z", about="new", source="pages")
    settings = settle(company, [{**REACH, "period": "message"}])
    with road(settings, LATER) as service:
        run_road(service)
        assert _of_message(service, "old") == before
        assert (before.verdict, _of_message(service, "new").verdict) == ("undetermined", "missed")


def test_what_was_seen_once_stays_seen_when_the_sets_have_gone(company: SmallCompany) -> None:
    company.add_source("pages", "intranet", delivered=False)
    company.send("old", channel="intranet")
    company.tell("viewed", "p01", "10:00", about="old", source="pages")
    with road(settle(company, [REACH])) as service:
        run_road(service)
    company.send("new", "2027-01-04T09:00:00Z", channel="intranet")
    with road(settle(company, [REACH]), "2027-01-20T12:00:00Z") as service:
        run_road(service)
        assert verdicts(service) == {"reach": "missed"}


def _of_message(service: Service, message: str) -> PublishedReading:
    assert service.front.snapshot is not None
    (found,) = [one for one in service.front.snapshot.message_readings if one.message == message]
    return found


def test_a_recorded_past_knows_only_what_had_been_seen_by_then(company: SmallCompany) -> None:
    company.add_source("pages", "intranet", delivered=False)
    company.send("m", channel="intranet")
    company.tell("viewed", "p01", "2026-11-11T10:00:00Z", about="another", source="pages")
    settings = settle(company, [REACH])
    assert travel(settings, as_of="2026-11-11T09:00:00Z") == {"reach": "undetermined no_value"}
    assert travel(settings, as_of="2026-11-11T11:00:00Z") == {"reach": "missed"}


def test_the_order_in_which_a_channel_is_first_seen_does_not_matter(company: SmallCompany, tmp_path: Path) -> None:
    company.add_source("mail", "email")
    company.send("m")
    tell(company, "delivered", PEOPLE, "09:00")
    tell(company, "opened", PEOPLE[:7])
    forth = settle(company)
    back = forth.model_copy(update={"data": tmp_path / "back"})
    with road(forth) as service:
        run_road(service)
        expected = str(service.evaluation.answer(at(NOW)).readings)
    lines = [json.dumps(json.loads(line)) for line in reversed(company.streams["mail"])]
    with road(back) as service:
        for end in range(5, len(lines) + 5, 5):
            (tmp_path / "mail" / "lines").write_text("".join(f"{line}\n" for line in lines[:end]), encoding="utf-8")
            run_road(service)
        assert str(service.evaluation.answer(at(NOW)).readings) == expected
