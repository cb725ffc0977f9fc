"""Poison in topics stops nobody: what is good is counted, what is bad is a dead letter with its place and reason, and where there is too
much of it the source stops. The whole size is `make poison`."""

import pytest

import service
from tests.real.cluster import ask
from tests.real.poison import KINDS, Poisoned, differences, poison
from tests.real.postgresql import find_programs
from tests.real.topics import wait_for

REASON, make_bad = KINDS["a type of nobody's"]


def test_every_good_event_is_counted_and_every_bad_one_is_a_dead_letter_with_its_reason() -> None:
    if find_programs() is None:
        pytest.skip("no PostgreSQL here: make setup-dev installs it")
    found, wrong = poison(2_400, 40 << 20)
    assert wrong == []
    assert found["good events, all counted once"] == "2,376"


@pytest.fixture
def partitions() -> int:
    """What is bad is met in the order in which it was written."""
    return 1


@pytest.mark.parametrize(
    ("good_between", "bad", "before_it_stops"),
    [(0, 120, 100), (8, 115, 101)],
    ids=["a hundred in a row", "over a tenth of the last thousand"],
)
def test_too_much_that_is_bad_stops_the_source_until_it_is_resumed(
    poisoned: Poisoned, good_between: int, bad: int, before_it_stops: int
) -> None:
    tortured = poisoned.tortured
    tortured.write(50)
    for number in range(bad):
        tortured.write(good_between)
        poisoned.bury(make_bad(number), REASON)
    tortured.write(30)
    port = tortured.ports[tortured.start().pid]
    # A counter that begins at a hundred shows no rise: every reason stands at 0 from the first moment.
    wait_for(lambda: 'earshot_dead_letters_total{reason="kills",source="all"} 0.0' in ask(port, "/metrics"))
    wait_for(lambda: "paused" in ask(port, "/-/ready"))
    assert len(poisoned.letters()) == before_it_stops
    assert poisoned.letters().items() <= poisoned.expected.items()
    wait_for(lambda: 'earshot_source_paused{source="all"} 1.0' in ask(port, "/metrics"))
    assert service.main(["--config", str(tortured.file), "resume", "all"]) == 0
    assert poisoned.wait_until_read() == (tortured.written, 0, 0)
    assert differences(poisoned) == []
