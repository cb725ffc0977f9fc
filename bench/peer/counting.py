"""Who did what with which message, each once, counted with quixstreams: its own state (RocksDB, and a topic of changes) says who is
known. Runs in an environment of its own: `python bench/peer/counting.py BROKER TOPIC RECORDS GROUP FOLDER` prints what it took, in JSON."""

import json
import sys
import time

import orjson
from quixstreams import Application, State


class Counting:
    def __init__(self) -> None:
        self.records = 0
        self.known = 0
        self.began: tuple[float, float] | None = None

    def count(self, body: bytes, state: State) -> None:
        """`state`: of the record's key, who is a person."""
        self.began = self.began or _clocks()
        self.records += 1
        try:
            event = orjson.loads(body)
            fact = f"{event['subject']} {event['type']} {event['data']['channel']}"
        except (ValueError, KeyError, TypeError):  # a few are broken, here as there
            return
        if not state.exists(fact):
            state.set(fact, 1)
            self.known += 1


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def main(broker: str, topic: str, records: int, group: str, folder: str) -> None:
    counting = Counting()
    application = Application(
        broker, consumer_group=group, auto_offset_reset="earliest", state_dir=folder, loglevel="WARNING"
    )
    stream = application.dataframe(application.topic(topic, value_deserializer="bytes", key_deserializer="bytes"))
    stream.apply(counting.count, stateful=True)
    application.run(count=records, timeout=120.0)
    ended = _clocks()
    wall, cpu = (end - begin for end, begin in zip(ended, counting.began or ended, strict=True))
    print(json.dumps({"records": counting.records, "known": counting.known, "wall": wall, "cpu": cpu}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5])
