"""A topic that is told of dead letters: place and reason, and nothing of what stood in them. The letters themselves are kept in the
database; this is for those who watch, and may miss one where a process dies between the two, or where the topic is away."""

import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec
from kafka.errors import KafkaError

from collectors.events import DeadLetter
from collectors.kafka_consumer import produce
from config.kafka import KafkaSettings

_LOG = logging.getLogger(__name__)
_PATIENCE_MS = 2_000
_FLUSH_SECONDS = 5
_REST_SECONDS = 60.0
"""After a failure nothing is told for so long: who watches is not to hold up the work, batch for batch."""


class LetterTopic:
    """Connected at the first letter. Nothing is raised."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._producer: Any = None
        self._rests_until = float("-inf")

    def tell(self, source: str, letters: Sequence[DeadLetter]) -> None:
        """After they are safe in the database."""
        topic = self._settings.dead_letter_topic
        if topic is None or not letters or time.monotonic() < self._rests_until:
            return
        try:
            producer = self._producer = self._producer or produce(self._settings, patience_ms=_PATIENCE_MS)
            sent = [producer.send(topic, _write(source, letter)) for letter in letters]
            producer.flush(timeout=_FLUSH_SECONDS)
            for each in sent:
                each.get(0)  # raises what went wrong
        except (KafkaError, OSError) as error:
            self._rests_until = time.monotonic() + _REST_SECONDS
            _LOG.warning(
                "the topic %s was not told of dead letters (%s); they are in the database", topic, type(error).__name__
            )

    def close(self) -> None:
        if self._producer is not None:
            with suppress(KafkaError, OSError):
                self._producer.close(timeout=_FLUSH_SECONDS)
            self._producer = None


def _write(source: str, letter: DeadLetter) -> bytes:
    told = {
        "source": source,
        "stream": letter.stream,
        "partition": letter.partition,
        "offset": letter.offset,
        "index": letter.index,
        "reason": letter.reason,
    }
    return msgspec.json.encode(told)
