"""A target: what a reading should be, for which messages and people, and whose task it is. Judging is left to `metrics`."""

from typing import Annotated, Literal

from pydantic import Field

from config.part import Part
from config.values import Allowed, Channel, Duration, Name, Period, Ratio, Role, Value


class Scope(Part):
    """Which messages and people a target speaks of. What is absent limits nothing."""

    channel: Channel | None = None
    """Messages of this channel."""
    topic: str | None = None
    """Messages about this topic."""
    goal: str | None = None
    """Messages that serve this goal."""
    purpose: Literal["inform", "persuade", "act", "engage"] | None = None
    """Messages with this purpose."""
    setting: Literal["formal", "informal"] | None = None
    """Messages of this setting."""
    owner: Role | None = None
    """Messages that this role or team coordinates."""
    segment: Annotated[str, Allowed("`attribute=value`, such as `department=Sales`")] | None = None
    """People of this segment, as `attribute=value`; not together with a `by` that is an attribute too."""


class Target(Part):
    """What a reading should be, for whom, and whose task it is."""

    name: Name
    """What series, alerts and pages call it."""
    indicator: Annotated[str, Allowed("the name of an indicator, such as `reach`")]
    """The indicator it is about, such as `reach`."""
    title: str = ""
    """A line for people. Absent: the indicator's own."""
    value: Value | None = None
    """What the reading should be. Absent: watched, not judged."""
    values: dict[str, Value] = Field({})
    """What it should be in single segments of `by`, where that is not `value`: `{department=Sales: 0.70}`."""
    direction: Literal["at_least", "at_most"] | None = None
    """Whether more is better or less is. Absent: the indicator's own."""
    window: Duration | None = None
    """How long after a message was sent what people do still counts, an hour at least. Absent: the indicator's own."""
    period: Period = "rolling 28 days"
    """The messages judged together: each alone (`message`), or those of a stretch of time."""
    scope: Scope = Scope()
    """Which messages and people it speaks of. Absent: all."""
    by: Annotated[str, Allowed("one attribute, such as `department` or `topic`")] | None = None
    """Break it down: an attribute of `directory.segments`, or `topic`, `purpose`, `setting`, `owner`, `goal`."""
    judge: Literal["count", "process"] | None = None
    """`count`: what happened; `process`: is this how we communicate, chance included. Absent: the indicator's own."""
    assume: Literal["bounds", "missing_at_random"] = "bounds"
    """`bounds`: who could not be seen may have done anything; `missing_at_random`: they did as the others."""
    blind_share: Ratio = Field(0.0, lt=1)
    """The share of those who act without any source seeing it, where you know better than the indicator."""
    minimum_people: int = Field(0, ge=0)
    """Readings over fewer people than this are not judged."""
    owner: Role = ""
    """The role or team whose task it is; never a person."""
    severity: Literal["critical", "warning", "info"] = "warning"
    """How loud an alert is when it is missed."""
    what_to_do: str = ""
    """What its owner does when it is missed, in plain words."""
