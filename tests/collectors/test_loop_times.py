"""What was there by the as-of time, and when a gap was."""

import pytest

from collectors.events import Gap, Interval
from collectors.memory import MemorySource
from collectors.source import Block, Poll
from tests.collectors.office import NOW, Office, Scripted


@pytest.mark.parametrize(
    ("occurred_at", "received_at", "is_in"),
    [
        pytest.param(NOW - 9, NOW, True, id="received at the time"),
        pytest.param(NOW - 9, NOW + 1, False, id="received a microsecond later"),
        pytest.param(NOW, None, True, id="not known when received, occurred at the time"),
        pytest.param(NOW + 1, None, False, id="not known when received, occurred a microsecond later"),
        pytest.param(NOW + 1, NOW, True, id="received in time and occurred later by the sender's clock"),
        pytest.param(None, None, False, id="no time known at all"),
    ],
)
def test_as_of_a_time_only_what_was_there_by_then_is_read(
    occurred_at: int | None, received_at: int | None, is_in: bool
) -> None:
    office = Office(as_of=NOW)
    body = "anna" if occurred_at is None else f"anna@{occurred_at}"
    office.source.append(body.encode(), received_at=received_at)
    step = office.intake.step(10)
    assert (step.events, step.left_out, step.dead) == ((1, 0, 0) if is_in else (0, 1, 0))
    assert office.read() == [(0, 1)]


def test_as_of_a_time_a_record_that_came_later_is_no_dead_letter_either() -> None:
    office = Office(as_of=NOW)
    office.source.append(b"broken", received_at=NOW + 1)
    office.source.append(b"broken", received_at=NOW)
    step = office.intake.step(10)
    assert (step.dead, step.left_out) == (1, 1)


def test_as_of_a_time_that_time_is_the_present() -> None:
    year = 365 * 86_400 * 1_000_000
    future, past = Office(f"anna@{NOW + year}", as_of=NOW + year), Office(f"anna@{NOW + year}")
    assert future.intake.step(10).events == 1
    assert past.intake.step(10).dead == 1


def block(start: int, *bodies: bytes) -> Block:
    source = MemorySource("block")
    source.leave_hole(start)
    for body in bodies:
        source.append(body)
    source.start({("memory", 0): [Interval("memory", 0, 0, start)]})
    (made,) = source.poll(100).blocks
    return made


GAP = Gap("memory", 0, 2, 5, "retention")


@pytest.mark.parametrize(
    ("polls", "after", "before"),
    [
        pytest.param([Poll([], [GAP])], None, None, id="alone it has no times"),
        pytest.param([Poll([block(0, b"anna@%d" % (NOW - 2), b"ben@%d" % (NOW - 1))]), Poll([], [GAP])], NOW - 1, None,
                     id="after what the step before read"),
        pytest.param([Poll([block(0, b"anna@%d" % (NOW - 2)), block(5, b"ben@%d" % NOW)], [GAP])], NOW - 2, NOW,
                     id="between what one step read before and behind it"),
        pytest.param([Poll([block(5, b"ben@%d" % NOW, b"cleo@%d" % (NOW + 1))], [GAP])], None, NOW,
                     id="before the first record behind it"),
        pytest.param([Poll([block(5, b"ben@%d" % NOW)], [Gap("memory", 0, 2, 5, "vanished", 3, 4)])], 3, 4,
                     id="what the source knows stands"),
    ],
)  # fmt: skip
def test_a_gap_is_handed_over_with_the_times_of_its_neighbours(
    polls: list[Poll], after: int | None, before: int | None
) -> None:
    office = Office(source=Scripted(polls))
    for _ in range(len(polls)):
        office.intake.step(10)
    (gap,) = office.handed[-1].gaps
    assert (gap.after, gap.before) == (after, before)
