"""Playing a simulated company into topics: each stream's lines as records, dated as they arrived. Making the company is left to
`simulation`, reading topics to `kafka`."""

from collections.abc import Iterator
from pathlib import Path

from kafka import KafkaAdminClient, KafkaProducer
from kafka.errors import KafkaError

from collectors.decoder import Decoder
from collectors.decoders import DECODERS
from collectors.events import Event, Published, Undecodable
from collectors.kafka_consumer import Unreachable, administer, produce
from collectors.simulation.simulate import Progress, read_simulated
from collectors.simulation.streams import FOLDER
from collectors.source import Record
from config.kafka import KafkaSettings

_DECODERS = {"email": "sendgrid", "portal": "access_log"}


def play(directory: Path, kafka: KafkaSettings, prefix: str, partitions: int, progress: Progress | None = None) -> str:
    """Every stream of the company in `directory` into the topic PREFIX.STREAM, made where there is none; what was done, for people.
    OSError where Kafka is away; ValueError where there is no company."""
    simulated = read_simulated(directory)
    if simulated is None:
        raise ValueError(f"{directory}: no simulated company is there")
    folders = sorted(path for path in (directory / FOLDER).iterdir() if path.is_dir())
    topics = {f"{prefix}.{folder.name}": folder for folder in folders}
    try:
        _make_topics(administer(kafka), list(topics), partitions)
        producer = produce(kafka)
        records = 0
        for done, (topic, folder) in enumerate(topics.items()):
            if progress is not None:
                progress(f"playing {folder.name}", done / len(topics))
            name = "cloudevents" if simulated.parameters.all_cloudevents else _DECODERS.get(folder.name, "cloudevents")
            records += _play_folder(producer, topic, folder, DECODERS[name]({}), partitions)
        producer.close()
    except KafkaError as error:
        raise Unreachable(kafka.brokers) from error
    return f"{records:,} records are in the topics {', '.join(topics)}."


def _make_topics(admin: KafkaAdminClient, topics: list[str], partitions: int) -> None:
    missing = {topic: {"num_partitions": partitions} for topic in topics if topic not in admin.list_topics()}
    if missing:
        admin.create_topics(missing, wait_for_metadata=True)
    admin.close()


def _play_folder(producer: KafkaProducer, topic: str, folder: Path, decoder: Decoder, partitions: int) -> int:
    """How many records; back when the broker holds them all."""
    count, at_ms = 0, None
    sent = []
    for line in _lines(folder):
        at_ms = _moment_ms(decoder, line) or at_ms
        sent.append(producer.send(topic, line, partition=count % partitions, timestamp_ms=at_ms))
        count += 1
    producer.flush()
    for each in sent:
        each.get(60)  # raises what went wrong
    return count


def _lines(folder: Path) -> Iterator[bytes]:
    for file in sorted(folder.iterdir()):
        with file.open("rb") as lines:
            for line in lines:
                if body := line.rstrip(b"\r\n"):
                    yield body


def _moment_ms(decoder: Decoder, line: bytes) -> int | None:
    """When a line arrived, else when what it tells happened; None where it says neither."""
    try:
        outcomes = [each.outcome for each in decoder.decode(Record(0, line))]
    except Undecodable:
        return None
    moments = [each.received_at or each.occurred_at for each in outcomes if isinstance(each, Event | Published)]
    return max((moment // 1000 for moment in moments if moment and moment > 0), default=None)
