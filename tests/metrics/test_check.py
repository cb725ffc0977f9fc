"""What the room of indicators says of a configuration, in the words people read."""

from typing import Any

import pytest

from config.schema import Settings
from metrics.check import check, unshown
from metrics.check_directory import check_segments, check_series
from metrics.sight import Sight


def settings(**target: Any) -> Settings:
    return Settings.model_validate(
        {"directory": {"segments": ["department"]}, "targets": [{"name": "one", "indicator": "reach", **target}]}
    )


@pytest.mark.parametrize(
    ("target", "said"),
    [
        pytest.param({"indicator": "raech"}, "Did you mean `reach`?", id="an indicator that is none"),
        pytest.param({"value": "8 working hours"}, "`reach` is a ratio", id="a time where a share is meant"),
        pytest.param(
            {"indicator": "time_to_reach", "value": "0.8"},
            "`time_to_reach` is measured in time",
            id="a share for a time",
        ),
        pytest.param(
            {"indicator": "time_to_reach", "value": "8 hours"},
            "Delays run on the clock of the window",
            id="the other clock",
        ),
        pytest.param({"value": "last quarter + 2 hours"}, "`last quarter - 0.05`", id="a time on top of a share"),
        pytest.param(
            {"indicator": "time_to_reach", "value": "last quarter - 0.05"},
            "`last quarter - 1 hour`",
            id="a share off a time",
        ),
        pytest.param(
            {"indicator": "time_to_reach", "value": "last month - 2 hours"},
            "Delays run on the clock of the window",
            id="the other clock on top of the past",
        ),
        pytest.param(
            {"by": "department", "values": {"department=Sales": "8 hours"}},
            "`reach` is a ratio",
            id="a time in one segment",
        ),
        pytest.param(
            {"indicator": "message_load", "period": "month"},
            "`message_load` is a figure of a whole period",
            id="a load of more than a week",
        ),
        pytest.param(
            {"indicator": "period_reach", "period": "message"},
            "`period_reach` is a figure of a whole period",
            id="a period of one message",
        ),
        pytest.param(
            {"indicator": "voice_reach", "window": "2 days"},
            "with a window of its own: leave this one out",
            id="a window of a period",
        ),
        pytest.param(
            {"indicator": "awareness", "by": "department"},
            "`awareness` is about one goal or topic at a time",
            id="awareness of nothing",
        ),
        pytest.param(
            {"indicator": "segment_gap"}, "Say which segments `segment_gap` is to compare", id="a gap of nothing"
        ),
        pytest.param({"indicator": "segment_gap", "by": "topic"}, "Say which segments", id="a gap between topics"),
        pytest.param(
            {"indicator": "segment_gap", "by": "department", "period": "message"},
            "not of single messages",
            id="a gap of one message",
        ),
        pytest.param(
            {"indicator": "segment_gap", "by": "department", "scope": {"segment": "department=Sales"}},
            "compares all segments",
            id="a gap within a segment",
        ),
        pytest.param(
            {"indicator": "actioned", "period": "month", "window": "30 days"}, "has no window", id="a window of deeds"
        ),
        pytest.param(
            {"indicator": "loop_closure", "period": "week"}, "write for instance `quarter`", id="items of a week"
        ),
        pytest.param({"indicator": "loop_closure", "by": "department"}, "keep no author", id="items by department"),
        pytest.param(
            {"indicator": "actioned", "scope": {"segment": "department=Sales"}},
            "keep no author",
            id="items of a department",
        ),
        pytest.param(
            {"by": "site", "scope": {"segment": "department=Sales"}},
            "leave one of the two out",
            id="parts of a segment",
        ),
        pytest.param({"indicator": "topic_balance"}, "holds reading against a plan", id="a balance without a plan"),
        pytest.param(
            {"indicator": "reach_on_time", "window": "48 hours"},
            "each message's own due date",
            id="a window of its own",
        ),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused_with_how_to_mend_it(target: dict[str, Any], said: str) -> None:
    (problem,) = check(settings(**target))
    assert said in problem.mend


@pytest.mark.parametrize(
    "target",
    [
        pytest.param({"value": "0.8", "window": "48 hours"}, id="a ratio"),
        pytest.param({"indicator": "time_to_reach", "value": "8 working hours"}, id="working time in a working window"),
        pytest.param(
            {"indicator": "time_to_reach", "value": "8 hours", "window": "72 hours"}, id="the wall clock in both"
        ),
        pytest.param({"indicator": "response"}, id="watched"),
        pytest.param({"indicator": "segment_gap", "by": "department", "period": "month"}, id="a gap between segments"),
        pytest.param({"indicator": "time_to_answer", "value": "7 days"}, id="a time to an answer"),
        pytest.param({"indicator": "loop_closure", "by": "topic"}, id="items by what they are about"),
        pytest.param({"by": "topic", "scope": {"segment": "department=Sales"}}, id="topics in one segment"),
        pytest.param({"value": "last quarter"}, id="no worse than the past"),
        pytest.param(
            {"indicator": "time_to_reach", "value": "last month - 2 working hours"}, id="faster than the past"
        ),
    ],
)
def test_a_target_that_makes_sense_is_left_alone(target: dict[str, str]) -> None:
    assert check(settings(**target)) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("opend", "Did you mean `opened`?", id="a slip of the pen"),
        pytest.param("time_to_reach", "no share of the people of a message", id="a time"),
        pytest.param("attention", "no share of the people of a message", id="a mean"),
        pytest.param("period_reach", "no share of the people of a message", id="a figure of a period"),
    ],
)
def test_segments_are_only_compared_by_a_share_of_the_people_of_messages(name: str, said: str) -> None:
    (problem,) = check(Settings.model_validate({"indicators": {"gap_of": name}}))
    assert (problem.path, said in problem.mend) == ("indicators.gap_of", True)


def test_a_segment_the_directory_does_not_have_is_named_with_the_nearest_it_has() -> None:
    values = {"department": ("Production", "Sales"), "site": ("Lyon",)}
    (problem,) = check_segments(settings(scope={"segment": "department=Salse"}), values)
    assert problem.path == "targets[0].scope.segment"
    assert "Did you mean `Sales`?" in problem.mend
    (problem,) = check_segments(settings(), {"departments": ("Sales",)})
    assert problem.path == "directory.segments[0]"
    assert "Did you mean `departments`?" in problem.mend


def test_more_series_than_the_limit_are_refused() -> None:
    many = {"department": [f"d{number}" for number in range(1000)]}
    (problem,) = check_series(settings(by="department"), many)
    assert problem.path == "page.series_limit"
    assert check_series(settings(by="department"), {"department": ["a", "b"]}) == []


def test_a_target_that_no_source_can_show_is_pointed_out() -> None:
    nothing = Sight({"email": frozenset({"delivered"})}, frozenset({"email"}), {"default": 238.0})
    ((name, sentence),) = unshown(settings(), nothing).items()
    assert name == "one"
    assert sentence.startswith("one: no source shows")
    opens = Sight({"email": frozenset({"opened"})}, frozenset(), {"default": 238.0})
    assert unshown(settings(), opens) == {}
    assert len(unshown(settings(scope={"channel": "chat"}), opens)) == 1


def test_verdicts_are_counted_only_where_other_targets_give_some() -> None:
    alone = [{"name": "p", "indicator": "purpose_success"}, {"name": "watched", "indicator": "response"}]
    (problem,) = check(Settings.model_validate({"targets": alone}))
    assert problem.path == "targets[0].indicator"
    beside = [*alone, {"name": "r", "indicator": "response", "value": 0.1}]
    assert check(Settings.model_validate({"targets": beside})) == []
