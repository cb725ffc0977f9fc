"""The oracle: every reading of every target by brute force over the raw streams. No ledger, no sets, no code of `metrics`.

It reads what the settings name (streams, directory, catalogue) once, and answers for any moment after.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from config.schema import Settings
from tests.oracle.acts import gather, join, name_kinds
from tests.oracle.answers import Answer, Tools
from tests.oracle.catalogue import meant_for, read_catalogue
from tests.oracle.directory import Directory
from tests.oracle.machines import judge_together
from tests.oracle.raw import Announced, RawEvent, is_seen, read_source
from tests.oracle.reading import OracleReading
from tests.oracle.states import Case, Shows, States
from tests.oracle.units import UnitBuilder
from tests.oracle.windows import Clocks


class Oracle:
    """`shows`: decoder to the actions it can show, for sources that do not say. `key`: that of the pseudonyms, needed only
    where events or rows carry pseudonyms made elsewhere; without it people go by their plain identifiers."""

    def __init__(self, settings: Settings, *, shows: Mapping[str, frozenset[str]], key: bytes | None = None) -> None:
        clocks = Clocks(settings.organisation)
        states = States(settings, Shows(settings, shows), clocks)
        name = lru_cache(maxsize=None)(_namer(key))
        directory = Directory(settings.directory, clocks, name)
        self._settings = settings
        self._tools = Tools(directory, states, UnitBuilder(settings, states, clocks), clocks)
        self._heard = [heard for source in settings.sources for heard in read_source(source, name)]

    def readings(self, now_us: int) -> list[OracleReading]:
        """Every reading of every target as of a moment (microseconds since 1970 UTC)."""
        return [reading for answer in self._answers(now_us) for reading in answer.all()]

    def message_readings(self, now_us: int) -> list[OracleReading]:
        """For every target, every message that it speaks of alone, over the whole audience."""
        return [reading for answer in self._answers(now_us) for reading in answer.each_message()]

    def _answers(self, now_us: int) -> list[Answer]:
        cases = self._cases(now_us)
        return [Answer(self._tools, target, cases, now_us) for target in self._settings.targets]

    def _cases(self, now_us: int) -> list[Case]:
        """Every message sent by now with what is known of it by now."""
        directory = self._tools.directory
        heard = [one for one in self._heard if is_seen(one, now_us)]
        announced = [one for one in heard if isinstance(one, Announced)]
        events = [one for one in heard if isinstance(one, RawEvent)]
        records, named = gather(events, directory.person), name_kinds(events)
        cases = []
        for message in read_catalogue(self._settings.catalogue, announced):
            if message.sent_us > now_us:
                continue
            record = join(records[reference] for reference in sorted(message.references) if reference in records)
            audience = meant_for(message, directory, directory.called)
            cases.append(
                Case(
                    message=message,
                    audience=audience,
                    record=judge_together(record, audience, message.links),
                    sender=directory.called(message.sender) if message.sender else None,
                    named=named,
                )
            )
        return cases


def _namer(key: bytes | None) -> Callable[[str], str]:
    """From an identifier as written to the name a person goes by inside: normalised, and hashed where there is a key."""

    def name(identifier: str) -> str:
        normal = unicodedata.normalize("NFKC", identifier.strip()).lower()
        return normal if key is None else hmac.new(key, normal.encode(), hashlib.sha256).hexdigest()

    return name
