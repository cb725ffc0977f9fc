"""Which readings hang on one message: where a class is asked how messages come out in general, one alone does not show how far they differ,
so that nothing can be said of it."""

from config.schema import Target
from tests.oracle.kinds import DAYS, ITEM, MEANS, PERIOD, TIMES
from tests.oracle.reading import OracleReading, is_process
from tests.oracle.units import Cell

# What is no matter of messages: the people of a whole period, items, days, readings.
_OTHERS = PERIOD | ITEM | DAYS | {"suppressed"}


def hangs_on_one(target: Target, reading: OracleReading) -> bool:
    """Of readings that count people message by message; not of gaps between segments, whose oracle counts none."""
    if target.indicator in _OTHERS or reading.message is not None or not is_process(target):
        return False
    return sum(_counts(target, reading, cell) for cell in reading.cells) == 1


def _counts(target: Target, reading: OracleReading, cell: Cell) -> bool:
    """Whether a message has a part in it: with anybody in it (and held out, where it is compared with those), and where the unseen are
    left out, only if it shows who did not."""
    if not cell.n or (target.indicator == "action_effect" and not cell.held["n"]):
        return False
    left_out = target.assume == "missing_at_random" and reading.value is not None
    return cell.tells or not left_out or target.indicator in MEANS | TIMES
