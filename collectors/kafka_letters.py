"""A topic that is told of dead letters: place and reason, and nothing of what stood in them. The letters themselves are kept in the
database; this is for those who watch, and may miss one where a process dies between the two."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec
from kafka.errors import KafkaError

from collectors.events import DeadLetter
from collectors.kafka_consumer import produce
from config.kafka import KafkaSettings

_FLUSH_SECONDS = 5


class LetterTopic:
    """Connected at the first letter. Nothing is raised: who watches is not to hold up the work."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._producer: Any = None

    def tell(self, source: str, letters: Sequence[DeadLetter]) -> None:
        """After they are safe in the database."""
        topic = self._settings.dead_letter_topic
        if topic is None or not letters:
            return
        with suppress(KafkaError, OSError):
            producer = self._producer = self._producer or produce(self._settings)
            for letter in letters:
                place = {
                    "source": source,
                    "stream": letter.stream,
                    "partition": letter.partition,
                    "offset": letter.offset,
                }
                why = {"index": letter.index, "reason": letter.reason}
                producer.send(topic, msgspec.json.encode(place | why))
            producer.flush(timeout=_FLUSH_SECONDS)

    def close(self) -> None:
        if self._producer is not None:
            with suppress(KafkaError, OSError):
                self._producer.close(timeout=_FLUSH_SECONDS)
            self._producer = None
