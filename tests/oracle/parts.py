"""The parts a target is broken down into: which messages each is about, and whom of their people it means."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from config.schema import Target
from tests.oracle.cases import Case
from tests.oracle.catalogue import Message
from tests.oracle.directory import Directory, Row
from tests.oracle.kinds import OF_MESSAGES

Belongs = Callable[[Row], bool]


@dataclass(frozen=True)
class Part:
    """`segment`: as readings call it; `value`: that of the word of messages it is about, empty where it is about all."""

    segment: str
    cases: Sequence[Case]
    belongs: Belongs
    value: str = ""


def parts(target: Target, cases: Sequence[Case], directory: Directory, also: Iterable[str] = ()) -> Iterator[Part]:
    """`also`: values of a word of messages that stand whether or not any message has them."""
    by, limit = target.by, target.scope.segment
    if by is None:
        yield Part(limit or "all", cases, members(limit))
    elif by in OF_MESSAGES:
        for value in sorted(({getattr(case.message, by) or "" for case in cases} | set(also)) - {""}):
            own = [case for case in cases if getattr(case.message, by) == value]
            yield Part(f"{by}={value}", own, members(limit), value)
    else:
        for value in directory.values(by):
            yield Part(f"{by}={value}", cases, members(limit, f"{by}={value}"))


def is_in_scope(target: Target, message: Message | None, channel: str) -> bool:
    """Whether a message is one that a target speaks of; of an item, its own channel and the message it is about, if any."""
    scope = target.scope
    wanted = {name: getattr(scope, name) for name in OF_MESSAGES}
    fits = all(value is None or getattr(message, name, None) == value for name, value in wanted.items())
    return fits and scope.channel in (None, channel)


def members(*limits: str | None) -> Belongs:
    """Whether a person has all of some values, each written `attribute=value`."""
    wanted = [limit.partition("=")[::2] for limit in limits if limit is not None]
    return lambda row: all(row.attributes.get(attribute) == value for attribute, value in wanted)
