"""Targets tried on the recorded past, over the whole road: a ledger worked by hand, what the service itself said then, drops and none."""

import hashlib
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from collectors.simulation.parameters import Parameters
from config.load import load
from config.schema import Settings, Target
from metrics.rehearsal import Rehearsed
from metrics.rehearse import Choice, choose, compare
from metrics.trial import HAPPENED
from roles import Service
from sites import Site
from tests.flow.company import KEEP, UNTIL, Company, make_company, run_road

DAY = 86_400_000_000
FORGET = {"late_grace": "7 days", "sets": "45 days"}


def rehearsed(site: Site, *targets: Target) -> list[Rehearsed]:
    """Targets as they are."""
    found = compare(
        site.url,
        [Choice(target.name, target, None) for target in targets],
        site.settings,
        site.outside(),
        progress=lambda _what, _done, _total: None,
    )
    assert found is not None
    return [each.as_it_is for each in found[1] if each.as_it_is is not None]


def tried(site: Site, name: str, **changes: Any) -> Rehearsed:
    """The target of that name with changes."""
    target = next(target for target in site.settings.targets if target.name == name)
    return rehearsed(site, target.model_copy(update=changes))[0]


# Worked by hand ------------------------------------------------------------------------------------------------------------------

NOW = int(datetime(2026, 11, 13, 12, tzinfo=UTC).timestamp()) * 1_000_000
VIEWED = {
    "m1": (2, 16),
    "m2": (4, 4),
    "m3": (9, 18),
}  # the day of November it was sent at 9:00, and how many of the twenty saw it
OFFICE = {
    "data": "data",
    "sources": [
        {
            "name": "portal",
            "decoder": "cloudevents",
            "from": {"files": "events.ndjson"},
            "channel": "intranet",
            "lateness": "1 hour",
        }
    ],
    "catalogue": {"files": ["messages.yaml"]},
    "directory": {"files": ["people.csv"]},
    "targets": [
        {"name": "week", "indicator": "reach", "value": 0.5, "window": "24 hours", "period": "rolling 7 days"},
        {"name": "each", "indicator": "reach", "value": 0.5, "window": "24 hours", "period": "message"},
    ],
}


def office(folder: Path) -> Site:
    people = [f"p{number}@example.org" for number in range(20)]
    (folder / "people.csv").write_text("address\n" + "\n".join(people) + "\n", encoding="utf-8")
    entries = [
        {"id": id, "channel": "intranet", "audience": "all", "sent_at": f"2026-11-{day:02d}T09:00:00Z"}
        for id, (day, _) in VIEWED.items()
    ]
    (folder / "messages.yaml").write_text(yaml.safe_dump(entries), encoding="utf-8")
    events = [
        {
            "specversion": "1.0",
            "id": f"{id}-{person}",
            "source": "/portal",
            "type": "earshot.viewed",
            "subject": id,
            "time": f"2026-11-{day:02d}T10:00:00Z",
            "receivedtime": f"2026-11-{day:02d}T10:00:01Z",
            "data": {"address": person, "evidence": "server_log"},
        }
        for id, (day, number) in VIEWED.items()
        for person in people[:number]
    ]
    (folder / "events.ndjson").write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    (folder / "earshot.yaml").write_text(yaml.safe_dump(OFFICE), encoding="utf-8")
    loaded = load(folder / "earshot.yaml", {})
    assert loaded.settings is not None, loaded.problems
    site = Site(loaded.settings)
    with Service(site, lambda: NOW, finish=True) as service:
        run_road(service)
    return site


def days(one: Rehearsed, verdict: str) -> list[int]:
    return [each.day.day for each in one.judgements if each.verdict == verdict]


def test_every_day_of_a_small_ledger_is_judged_as_worked_by_hand(tmp_path: Path) -> None:
    """A message settles at ten on the day after it was sent. Of m1 80 % saw it, of m2 20, of both 50; of m2 and m3 55, of m3 alone
    90 and of m2 alone, on the ninth, when m1 is a week old, 20. On the tenth the two together are hidden: less the four of m2, told the day
    before, they say that all but two saw m3, which is told as "at least 17"."""
    site = office(tmp_path)
    as_it_is = tried(site, "week")
    assert days(as_it_is, "immature") == [2]
    assert days(as_it_is, "met") == [3, 4, 5, 6, 7, 8, 11, 12, 13]
    assert days(as_it_is, "missed") == [9]
    assert days(as_it_is, "suppressed") == [10]
    assert as_it_is.no_chance == HAPPENED

    higher = tried(site, "week", value=0.6)
    assert days(higher, "met") == [3, 4, 11, 12, 13]
    assert days(higher, "missed") == [5, 6, 7, 8, 9]
    (alarm,) = higher.alarms
    assert (alarm.first.day, alarm.last.day, alarm.judgements, alarm.lasting) == (5, 9, 5, False)
    assert alarm.messages == ("m1", "m2")


def test_days_on_which_one_message_counts_judge_no_process(tmp_path: Path) -> None:
    """m1 alone on the third and fourth, m2 on the ninth, m3 from the eleventh on."""
    one = tried(office(tmp_path), "week", judge="process")
    hanging = [each.day.day for each in one.judgements if each.reason == "one_message"]
    assert hanging == [3, 4, 9, 11, 12, 13]
    assert one.alarms == []


def test_each_message_on_its_own_is_judged_once_on_the_day_it_settles(tmp_path: Path) -> None:
    one = tried(office(tmp_path), "each")
    assert [(each.message, each.day.day, each.verdict) for each in one.judgements] == [
        ("m1", 3, "met"),
        ("m2", 5, "missed"),
        ("m3", 10, "met"),
    ]
    assert [alarm.messages for alarm in one.alarms] == [("m2",)]


def test_rehearsing_writes_nothing(tmp_path: Path) -> None:
    site = office(tmp_path)
    before = fingerprint(site.folder)
    tried(site, "week", value=0.6)
    assert fingerprint(site.folder) == before


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file but the index of readers that SQLite keeps while anybody reads."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_what_differs_between_two_configurations_is_chosen() -> None:
    def targets(*given: dict[str, Any]) -> tuple[Target, ...]:
        return Settings.model_validate({"targets": given}).targets

    before = targets({"name": "a", "indicator": "reach"}, {"name": "b", "indicator": "reach"})
    after = targets({"name": "b", "indicator": "reach", "value": 0.8}, {"name": "c", "indicator": "read"})
    assert choose(before, after, None) == [Choice("b", before[1], after[0]), Choice("c", None, after[1])]
    assert choose(before, after, "c") == [Choice("c", None, after[1])]
    assert choose(before, before, None) == [Choice("a", before[0], None), Choice("b", before[1], None)]
    assert choose(before, before, "a") == [Choice("a", before[0], None)]


# Beside the service --------------------------------------------------------------------------------------------------------------

TEAMS: list[dict[str, Any]] = [
    {"name": "teams", "indicator": "reach", "value": 0.85, "by": "team", "period": "rolling 14 days"},
]
ONE_BY_ONE: dict[str, Any] = {"name": "each", "indicator": "reach", "value": 0.85, "period": "message"}


def plain_company(folder: Path, parameters: Parameters, *targets: dict[str, Any]) -> Company:
    directory = {"files": ["company/directory"], "segments": ["team"]}
    company = make_company(folder, parameters, targets=list(targets), directory=directory, retention=KEEP)
    with company.service() as service:
        run_road(service)
    return company


def test_the_past_is_judged_as_the_service_judged_it_then(tmp_path: Path) -> None:
    """As of the ends of some days, over the same records. Who is hidden hangs on what was told the days before too, which a service that
    begins on that day does not know."""
    company = plain_company(tmp_path, Parameters.of_teams(12, 40, 5, UNTIL, spread=0.1), *TEAMS)
    (one,) = rehearsed(Site(company.settings), *company.settings.targets)
    verdicts: Counter[str] = Counter()
    for day in (date(2026, 10, 26), date(2026, 11, 4), date(2026, 11, 11)):
        end = datetime.combine(day + timedelta(days=1), datetime.min.time(), company.settings.organisation.zone)
        with company.service(as_of=int(end.timestamp()) * 1_000_000) as service:
            run_road(service)
            snapshot = service.evaluation.publish(int(end.timestamp()) * 1_000_000, caught_up=True)
        then = {each.segment: (each.verdict, each.reason) for each in snapshot.readings}
        rehearsed_then = {each.segment: (each.verdict, each.reason) for each in one.judgements if each.day == day}
        assert rehearsed_then.keys() == then.keys()
        shown = [team for team in then if "suppressed" not in (rehearsed_then[team][0], then[team][0])]
        assert {team: rehearsed_then[team] for team in shown} == {team: then[team] for team in shown}
        assert len(then) - len(shown) <= 3
        verdicts.update(verdict for verdict, _ in then.values())
    assert {"undetermined", "suppressed"} <= verdicts.keys()


def test_what_is_forgotten_cannot_be_tried_and_what_was_counted_can(tmp_path: Path) -> None:
    targets = [
        {"name": "reach", "indicator": "reach", "value": 0.7},
        {"name": "month", "indicator": "participation", "value": 0.4, "period": "month"},
    ]
    keeping = make_company(tmp_path / "keeping", Parameters(60, 80, 9, UNTIL), targets=targets, retention=KEEP)
    forgetting = make_company(tmp_path / "forgetting", Parameters(60, 80, 9, UNTIL), targets=targets, retention=FORGET)
    for company in (keeping, forgetting):
        with company.service() as service:
            run_road(service)
    whole, rest = (tried(Site(company.settings), "reach", value=0.75) for company in (keeping, forgetting))
    assert (whole.lost, rest.lost > 0) == (0, True)
    assert whole.since is not None
    assert rest.since is not None
    assert rest.since - whole.since > timedelta(days=45)
    # What is judged is judged alike: no class with a forgotten message is.
    assert rest.judgements == tuple(each for each in whole.judgements if each.day >= rest.since)

    # Of whole periods chance is worked out, too, without messages that could differ.
    periods = tried(Site(keeping.settings), "month", judge="process", period="rolling 28 days")
    assert periods.chance is not None
    assert periods.chance.spread is None
    assert periods.chance.judgements > 0

    # Nobody asked for this window while there were times: of most messages nobody can tell any more.
    other = tried(Site(forgetting.settings), "reach", window=company_window(), period="message")
    assert other.lost > rest.lost
    assert 0 < len(other.judgements) < 20

    # Nor for what people say; and the service that is asked for it from now on goes on.
    voice = forgetting.settings.targets[1].model_copy(update={"name": "voice", "indicator": "voice_reach"})
    (unheard,) = rehearsed(Site(forgetting.settings), voice)
    assert unheard.lost > tried(Site(forgetting.settings), "month").lost
    assert not unheard.judgements
    settings = forgetting.settings.model_copy(update={"targets": (*forgetting.settings.targets, voice)})
    with Service(Site(settings), lambda: UNTIL, finish=True) as service:
        run_road(service)


def company_window() -> Any:
    return (
        Settings.model_validate({"targets": [{"name": "a", "indicator": "reach", "window": "48 hours"}]})
        .targets[0]
        .window
    )


# Drops, and none -----------------------------------------------------------------------------------------------------------------


def test_a_planted_drop_is_missed_from_its_date_and_not_before(tmp_path: Path) -> None:
    drop = date(2026, 9, 28)
    parameters = Parameters.of_teams(15, 100, 2, UNTIL, drop=f"45,{drop}")
    target = {"name": "all", "indicator": "reach", "value": 0.7, "judge": "process"}
    site = Site(plain_company(tmp_path, parameters, target, ONE_BY_ONE).settings)
    every_month, each = rehearsed(site, *site.settings.targets)
    missed = [judgement.day for judgement in every_month.judgements if judgement.verdict == "missed"]
    # Its first message settles within nine days; four weeks later nothing from before is left, and chance no excuse.
    assert drop + timedelta(days=7) <= missed[0] <= drop + timedelta(days=37)
    assert len(missed) > 10
    assert every_month.chance is not None
    assert every_month.chance.judgements < len(missed) / 3
    assert every_month.chance.as_many < 0.1

    # Before it every message reached 85 %, after it 40: at 62 % each is missed that was sent after, and no other.
    alarms = tried(site, "each", value=0.62).alarms
    described = {judgement.message or "" for judgement in each.judgements}
    assert {alarm.messages[0] for alarm in alarms} == {id for id in described if sent_on(id) >= drop}


def sent_on(id: str) -> date:
    return datetime.strptime(id.split("-")[1], "%Y%m%d").replace(tzinfo=UTC).date()


def test_a_healthy_company_has_about_as_many_alarms_as_chance_explains(tmp_path: Path) -> None:
    """Its truth is the target exactly, for all of its teams and for each message."""
    observed, expected = [], []
    for seed in range(3):
        company = plain_company(tmp_path / str(seed), Parameters.of_teams(20, 90, seed, UNTIL), *TEAMS)
        site = Site(company.settings)
        teams, each = rehearsed(site, *site.settings.targets, one_by_one(site.settings))
        assert teams.chance is not None
        assert each.chance is not None
        # Teams share their messages, so that alarms come in flocks, or not at all.
        assert teams.chance.as_many > 0.05
        observed.append(len(each.alarms))
        expected.append(each.chance.alarms)
    assert sum(expected) > 10
    assert 0.6 < sum(observed) / sum(expected) < 1.6


def one_by_one(settings: Settings) -> Target:
    return settings.targets[0].model_copy(update={"name": "each", "period": "message", "by": None, "judge": "process"})
