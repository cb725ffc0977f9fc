"""Windows at their edges: an hour, the far end of a rolling period, the retention."""

import pytest

from config.duration import Span, parse_span
from config.schema import Retention, Settings, SourceSettings, Target
from config.windows import check_window, days_needed


def settings_with(
    *, window: str | None = None, period: str = "rolling 28 days", sets: str = "400 days", lateness: str = "1 hour"
) -> Settings:
    source = {"name": "mail", "decoder": "d", "from": {"files": "mail"}, "channel": "email", "lateness": lateness}
    return Settings(
        sources=(SourceSettings.model_validate(source),),
        targets=(Target(name="a", indicator="reach", window=parse_span(window) if window else None, period=period),),
        retention=Retention(sets=parse_span(sets)),
    )


def paths(settings: Settings) -> list[str]:
    return [problem.path for problem in check_window(settings, 0, settings.targets[0].window)]


@pytest.mark.parametrize(
    ("window", "refused"),
    [("59 minutes", True), ("60 minutes", False), ("1 working hour", False), ("59 working minutes", True)],
)
def test_a_window_is_an_hour_at_least(window: str, refused: bool) -> None:
    assert paths(settings_with(window=window)) == (["targets[0].window"] if refused else [])


@pytest.mark.parametrize(
    ("window", "period", "lateness", "refused"),
    [
        ("167 hours", "rolling 7 days", "1 minute", False),
        ("167 hours", "rolling 7 days", "1 hour", True),
        ("7 days", "rolling 7 days", "1 minute", True),
        ("7 days", "rolling 8 days", "1 hour", False),
        ("5 working days", "rolling 5 days", "1 hour", False),
        ("5 working days", "rolling 4 days", "1 hour", True),
        ("30 days", "week", "1 hour", False),
        ("30 days", "message", "1 hour", False),
    ],
    ids=[
        "closes and settles a minute before its message leaves",
        "settles as its message leaves",
        "is as long as its period",
        "is a day shorter than its period",
        "closes for those sent on a Monday morning",
        "closes for none",
        "may outlast a calendar period",
        "may be any for a single message",
    ],
)
def test_a_window_closes_before_its_messages_leave_a_rolling_period(
    window: str, period: str, lateness: str, refused: bool
) -> None:
    assert paths(settings_with(window=window, period=period, lateness=lateness)) == (
        ["targets[0].window"] if refused else []
    )


@pytest.mark.parametrize("lateness", ["1 hour", "3 days"])
def test_only_sources_the_target_speaks_of_keep_its_window_open(lateness: str) -> None:
    settings = settings_with(window="5 days", period="rolling 7 days", lateness=lateness)
    other = settings.targets[0].model_copy(
        update={"scope": settings.targets[0].scope.model_copy(update={"channel": "chat"})}
    )
    assert paths(settings) == (["targets[0].window"] if lateness == "3 days" else [])
    assert paths(settings.model_copy(update={"targets": (other,)})) == []


@pytest.mark.parametrize(
    ("period", "days"),
    [("message", 14), ("week", 21), ("rolling 28 days", 42), ("month", 45), ("quarter", 106)],
)
def test_sets_must_stand_for_the_period_the_window_and_the_grace(period: str, days: int) -> None:
    enough = settings_with(window="5 working days", period=period, sets=f"{days} days")
    assert days_needed(enough, enough.targets[0], enough.targets[0].window) == days
    assert paths(enough) == []
    assert paths(settings_with(window="5 working days", period=period, sets=f"{days - 1} days")) == [
        "targets[0].period"
    ]


def test_the_indicators_own_window_is_named_as_such() -> None:
    settings = settings_with(period="rolling 2 days")
    (problem,) = check_window(settings, 0, Span(48, "hours"))
    assert problem.found == "nothing, so its indicator's own `48 hours`"


def test_what_rests_on_nothing_that_is_forgotten_may_have_any_period() -> None:
    settings = settings_with(period="quarter", sets="45 days")
    assert [problem.path for problem in check_window(settings, 0, None)] == ["targets[0].period"]
    assert check_window(settings, 0, None, lasting=True) == []
