"""A made-up snapshot with every verdict in it, for all that renders one. No figure in it was computed."""

from typing import Any

from metrics.snapshot import (
    Ahead,
    MessageInfo,
    Parts,
    PublishedReading,
    Snapshot,
    TargetInfo,
    Unit,
    Versions,
)

AS_OF = 1_793_609_100_000_000  # 2026-11-02T08:45:00Z


def reading(target: str = "reach-all", indicator: str = "reach", **changed: Any) -> PublishedReading:
    """A reading that is met, for everybody; say what is different."""
    usual: dict[str, Any] = {
        "unit": "ratio",
        "channel": "all",
        "segment": "all",
        "message": None,
        "period": "rolling 28 days",
        "value": 0.861,
        "numerator": 517,
        "denominator": 600,
        "lower": 0.842,
        "upper": 0.893,
        "raw": 0.902,
        "coarse": "",
        "maturity": 1.0,
        "verdict": "met",
        "reason": "",
        "target_value": 0.8,
        "messages": 6,
    }
    return PublishedReading(target=target, indicator=indicator, **(usual | changed))


def unknown(target: str, indicator: str, verdict: str, reason: str, **changed: Any) -> PublishedReading:
    """A reading without any figure."""
    nothing = dict.fromkeys(("value", "numerator", "denominator", "lower", "upper", "raw", "maturity"))
    return reading(target, indicator, **(nothing | {"verdict": verdict, "reason": reason} | changed))


def target(name: str = "reach-all", indicator: str = "reach", **changed: Any) -> TargetInfo:
    usual: dict[str, Any] = {
        "unit": "ratio",
        "title": "News reach the people they are meant for",
        "target_owner": "internal communications",
        "severity": "warning",
        "direction": "at_least",
        "judge": "count",
        "period": "rolling 28 days",
        "window": "5 working days",
        "value": 0.8,
        "what_to_do": "Send a reminder on a second channel to the sites that were not reached.",
    }
    return TargetInfo(target=name, indicator=indicator, **(usual | changed))


TARGETS = (
    target(),
    target(
        "delivered",
        "delivered",
        title="Mail gets to the mailbox",
        value=0.99,
        window="24 hours",
        target_owner="mail operations",
        what_to_do="Look at the bounces by site; ask IT for the addresses of leavers.",
    ),
    target(
        "opened",
        "opened",
        title="Mails are opened",
        value=0.65,
        window="48 hours",
        what_to_do="Try another subject line; send in working hours.",
    ),
    target(
        "read-policies",
        "read",
        title="Policies are read, not just opened",
        value=0.4,
        judge="process",
        what_to_do="Shorten the text; put the one thing to know first.",
    ),
    target(
        "acknowledged",
        "acknowledged",
        title="Safety briefings are acknowledged",
        value=0.95,
        severity="critical",
        period="month",
        target_owner="head of safety",
        what_to_do="Ask the managers of those who have not confirmed yet.",
    ),
    target(
        "first-hours",
        "time_to_reach",
        unit="seconds",
        title="Half of us know within a working day",
        direction="at_most",
        value=28_800.0,
        what_to_do="Publish on the intranet at the same time.",
    ),
    target("response", "response", title="People answer", value=None, target_owner="", what_to_do=""),
    target(
        "board-letter",
        "reach",
        title="The letter to the leadership circle arrives",
        value=0.9,
        target_owner="office of the board",
    ),
    target(
        "site-news",
        "reach_on_time",
        title="Site news come before their date",
        value=0.75,
        target_owner="site coordinators",
    ),
    target(
        "quiz", "read", title="The quarterly quiz is taken", value=0.5, period="quarter", target_owner="learning team"
    ),
)

_PARTS = (
    ("department=Sales", 0.91),
    ("department=Production", 0.78),
    ("department=Finance", 0.88),
    ("site=Lyon", 0.86),
)

READINGS = (
    reading(parts=Parts(E=600, D=590, H=517, P=20, S=3, U=10)),
    *(
        reading(
            segment=segment,
            value=value,
            lower=value - 0.09,
            upper=value + 0.05,
            numerator=round(value * 140),
            denominator=140,
        )
        for segment, value in _PARTS[:1]
    ),
    *(
        reading(
            segment=segment,
            value=value,
            lower=value - 0.09,
            upper=value + 0.05,
            numerator=round(value * 140),
            denominator=140,
            verdict="undetermined",
            reason="straddles",
            settle="About 3 more messages would settle it.",
        )
        for segment, value in _PARTS[1:]
    ),
    unknown("reach-all", "reach", "suppressed", "hidden", segment="site=Oslo"),
    reading(
        "delivered",
        "delivered",
        value=0.957,
        lower=0.957,
        upper=0.957,
        raw=0.957,
        numerator=574,
        denominator=600,
        target_value=0.99,
        verdict="missed",
    ),
    reading(
        "delivered",
        "delivered",
        segment="site=Lyon",
        value=0.9,
        lower=0.85,
        upper=0.95,
        numerator=18,
        denominator=20,
        coarse="at_least",
        target_value=0.99,
        verdict="missed",
    ),
    reading(
        "opened",
        "opened",
        value=0.671,
        lower=0.52,
        upper=0.78,
        numerator=312,
        denominator=600,
        target_value=0.65,
        verdict="undetermined",
        reason="straddles",
        falling=True,
        at_risk=True,
        ahead=Ahead(0.6, 0.552, 0.641, earlier=34, covered=0.912),
        settle="Apple's proxy hides 120 of 600 people; more people who click or answer would narrow the range.",
        parts=Parts(E=600, D=590, H=312, P=120, S=10, U=18),
    ),
    reading(
        "read-policies",
        "read",
        value=0.31,
        lower=0.22,
        upper=0.3994,
        numerator=120,
        denominator=388,
        target_value=0.4,
        verdict="missed",
    ),
    reading(
        "acknowledged",
        "acknowledged",
        period="month",
        value=0.88,
        lower=0.88,
        upper=0.88,
        numerator=528,
        denominator=600,
        target_value=0.95,
        maturity=0.5,
        verdict="immature",
        reason="window_open",
    ),
    reading(
        "first-hours",
        "time_to_reach",
        unit="seconds",
        value=11_400.0,
        lower=9_900.0,
        upper=15_300.0,
        raw=9_000.0,
        target_value=28_800.0,
        numerator=517,
        denominator=600,
    ),
    reading(
        "first-hours",
        "time_to_reach",
        unit="seconds",
        segment="department=Production",
        value=None,
        lower=30_600.0,
        upper=None,
        raw=None,
        target_value=28_800.0,
        numerator=60,
        denominator=140,
        verdict="missed",
    ),
    reading(
        "response",
        "response",
        value=0.12,
        lower=0.11,
        upper=0.13,
        numerator=72,
        denominator=600,
        target_value=None,
        verdict="undetermined",
        reason="no_target",
    ),
    unknown("board-letter", "reach", "suppressed", "hidden", target_value=0.9),
    unknown("site-news", "reach_on_time", "undetermined", "no_data", target_value=0.75),
    unknown("quiz", "read", "undetermined", "not_applicable", target_value=0.5, period="quarter"),
)


def message_reading(message: str, indicator: str = "reach", unit: Unit = "ratio", **changed: Any) -> PublishedReading:
    usual = {"message": message, "period": None, "channel": "email", "unit": unit, "target_value": None}
    return reading("", indicator, **(usual | changed))


SNAPSHOT = Snapshot(
    as_of=AS_OF,
    versions=Versions(rules="2026-10", catalogue="4f1c", configuration="9be2"),
    targets=TARGETS,
    readings=READINGS,
    messages=(
        MessageInfo("m-2026-041", "The new travel policy", "email", "processes", "internal communications", AS_OF),
        MessageInfo("m-2026-042", "", "intranet", "goals", "office of the board", AS_OF),
    ),
    message_readings=(
        message_reading("m-2026-041"),
        message_reading("m-2026-041", "time_to_reach", "seconds", value=11_400.0, lower=9_900.0, upper=15_300.0),
        message_reading(
            "m-2026-042", channel="intranet", value=None, lower=None, upper=None, verdict="immature", maturity=0.0
        ),
    ),
    notes=("Two sources have no events before 2026-10-01.",),
)
