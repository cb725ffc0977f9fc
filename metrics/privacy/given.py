"""What a statement on privacy is made from, and how lengths, numbers and lists are written in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.duration import Span
from config.schema import Settings
from metrics.document import quoted
from metrics.privacy.standing import Standing

_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Given:
    """`digest`: of the configuration. `recorded`: source to the actions that its decoder understands, and so records.
    `standing`: None where there is no database yet. `key_is_private`: whether the key's file can be read by its
    owner alone, None where there is none yet."""

    settings: Settings
    digest: str
    recorded: Mapping[str, frozenset[str]]
    standing: Standing | None = None
    key_is_private: bool | None = None


def days(span: Span) -> str:
    """A length, in days too where it is not written in them."""
    if span.unit == "days":
        return str(span)
    number = span.seconds(_DAY_SECONDS) / _DAY_SECONDS
    return f"{span} ({number:.2g} {'day' if number == 1 else 'days'})"


def number_of(count: int, k: int, one: str, many: str = "") -> str:
    """As a count may be told: none, fewer than k, or so many."""
    told = "no" if count == 0 else f"fewer than {k}" if count < k else f"{count:,}"
    return f"{told} {many or one + 's'}"


def codes(names: Iterable[str]) -> str:
    """Names as they stand in the configuration, in one line."""
    return ", ".join(f"`{name}`" for name in names)


def words(texts: Iterable[str]) -> str:
    """Texts of the operator, in one line."""
    return ", ".join(map(quoted, texts))
