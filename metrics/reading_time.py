"""How long a message takes to read, by its length and the speed of its language. What people read of it is left to the indicators."""

from collections.abc import Mapping
from fractions import Fraction

from metrics.messages import Message


def expected_seconds(message: Message, words_per_minute: Mapping[str, float]) -> float | None:
    """None where the catalogue gives no length. `words_per_minute`: by language, with `default`."""
    if message.words is None:
        return None
    return float(message.words) / _speed(message, words_per_minute) * 60


def exact_seconds(message: Message, words_per_minute: Mapping[str, float]) -> Fraction:
    """The same of a message whose length is known, to the last digit: for shares that are rounded down."""
    return Fraction(message.words or 0) * 60 / Fraction(_speed(message, words_per_minute))


def _speed(message: Message, words_per_minute: Mapping[str, float]) -> float:
    return words_per_minute.get(message.language or "default", words_per_minute["default"])
