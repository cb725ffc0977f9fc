"""Every indicator by every breakdown that it makes sense for, asked in ways and of companies that chance makes, held against the oracle;
and those it makes none for. `make torture` tries fifty companies."""

import os
import random
import threading
from collections import Counter
from pathlib import Path

import pytest

from config.progress import Progress
from config.schema import Settings
from metrics.check import check
from metrics.classes import GROUPED_BY
from metrics.indicators import INDICATORS
from metrics.shelf import Shelf
from metrics.siblings import one_a_series
from tests.flow.any_company import any_company
from tests.flow.company import UNTIL, differences
from tests.flow.questions import ATTRIBUTES, JUDGING, SCOPES, WORDS, Breakdown, every_breakdown, every_target

COMPANIES = max(3, int(os.environ.get("EARSHOT_TEST_EXAMPLES", "0")) // 200)
ALONE = [
    Breakdown(),
    *map(Breakdown, (*WORDS, *ATTRIBUTES)),
    *(Breakdown("", {name: one[0]}) for name, one in SCOPES.items()),
]


@pytest.mark.parametrize("seed", range(1, COMPANIES + 1))
def test_every_indicator_by_every_breakdown_is_that_of_the_oracle(tmp_path: Path, seed: int) -> None:
    company, now = any_company(tmp_path, seed)
    with company.service(as_of=now if now < UNTIL else None) as service:
        service.catch_up(Progress(), threading.Event())
        service.fold()
        service.evaluation.import_files(now)
        answers = service.evaluation.count(now)
        shown = service.evaluation.answer(now, latest=True).readings
        assert differences(company, service, now) == []
    assert str(shown) == str(one_a_series(answers.readings)), "what is published is no other reading of the same"
    assert len(shown) < len(answers.readings)
    asked = Counter(target.indicator for target in company.settings.targets)
    answered = {reading.indicator for _, reading in answers.readings if reading.people}
    assert set(asked) == set(INDICATORS)
    # Chance makes companies in which little can be told; one in which nearly nothing can would say nothing here.
    assert len(answered) > len(asked) / 2, set(asked) - answered


def test_messages_looked_at_one_by_one_or_many_together_come_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company, now = any_company(tmp_path, 1)
    with company.service(as_of=now if now < UNTIL else None) as service:
        service.catch_up(Progress(), threading.Event())
        service.fold()
        found = set()
        for at_once in (1, 3, 1000):
            monkeypatch.setattr(Shelf, "at_once", at_once)
            service.evaluation.forget_person()  # nothing that was counted before holds any more
            service.evaluation.import_files(now)
            answers = service.evaluation.count(now)
            found.add(str((answers.readings, answers.messages)))
    assert len(found) == 1


@pytest.mark.parametrize("breakdown", [*ALONE, Breakdown("site", {"segment": "site=Lyon"})], ids=str)
def test_what_makes_no_sense_is_refused_and_nothing_else(breakdown: Breakdown) -> None:
    asked = [
        {"name": name, "indicator": name, "period": _period(INDICATORS[name].periods), **breakdown.target()}
        for name in INDICATORS
    ]
    lists = {"directory": {"segments": list(ATTRIBUTES)}, "indicators": {"plan": {"goals": 1}}}
    found = check(Settings.model_validate({**lists, "targets": [*asked, *JUDGING]}))
    paths = {problem.path for problem in found if problem.path.startswith("targets[")}
    refused = {asked[int(path.split("[")[1].split("]")[0])]["indicator"] for path in paths}
    assert refused == {name for name in INDICATORS if not breakdown.makes_sense_for(name)}


def test_every_breakdown_is_asked_for() -> None:
    """By whatever a target may be broken down by, and by every part of a scope."""
    assert set(WORDS) == set(GROUPED_BY)
    dice = random.Random(0)
    asked = list(every_target(dice, every_breakdown(dice)))
    for name in INDICATORS:
        ways = [Breakdown(str(one.get("by", "")), one["scope"]) for one in asked if one["indicator"] == name]
        sensible = {str(each) for each in ALONE if each.makes_sense_for(name)}
        assert sensible <= {str(each) for each in ways}, name


def _period(allowed: tuple[str, ...]) -> str:
    return "rolling 60 days" if not allowed or "rolling" in allowed else allowed[0]
