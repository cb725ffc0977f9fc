"""Where a source's records come from, and how Kafka is reached: the keys and what they say together. The rest is `config.schema`."""

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from config.part import Part
from config.problem import Problem, written
from config.values import Allowed, Refused, Where

_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")
_BROKER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})")


def _topic(value: Any) -> Any:
    if isinstance(value, str) and (_TOPIC.fullmatch(value) is None or value in (".", "..")):
        raise Refused(
            "For several topics by a pattern there is `topic_pattern`." if re.search(r"[*^$\[(]", value) else ""
        )
    return value


def _pattern(value: Any) -> Any:
    if isinstance(value, str):
        try:
            re.compile(value)
        except re.error:
            raise Refused from None
        if value.startswith("*"):
            raise Refused(f"Write `.{value}`.")
    return value


def _broker(value: Any) -> Any:
    if isinstance(value, str):
        match = _BROKER.fullmatch(value)
        if match is None or not 0 < int(match[2]) < 65536:
            raise Refused(f"Write `{value}:9092`." if _BROKER.fullmatch(f"{value}:9092") else "")
    return value


Topic = Annotated[
    str, Allowed("the name of a topic: letters, digits, `.`, `_` and `-`, 249 at most"), BeforeValidator(_topic)
]
Pattern = Annotated[
    str, Allowed(r"a regular expression that fits whole names, such as `mail\..*`"), BeforeValidator(_pattern)
]
Broker = Annotated[str, Allowed("`host:port`, such as `kafka-1.example.org:9093`"), BeforeValidator(_broker)]


class Origin(Part):
    """Where records come from: files, or topics of Kafka."""

    files: Where | None = None
    """The files to read: a directory (every file in it, not below) or a glob."""
    topics: tuple[Topic, ...] = ()
    """Or the topics of Kafka to read, by name."""
    topic_pattern: Pattern | None = None
    """Or every topic whose whole name fits, those made later too."""

    @property
    def from_kafka(self) -> bool:
        return bool(self.topics) or self.topic_pattern is not None


class KafkaSettings(Part):
    """How Kafka is reached, where sources read from topics."""

    brokers: tuple[Broker, ...] = ()
    """The brokers to ask first; they name the others."""
    group: Annotated[str, Allowed("text"), Field(min_length=1, max_length=200)] = "earshot"
    """What the consumer groups are called: this, a dash, and the source's name."""
    security: Literal["tls", "plaintext"] = "tls"
    """Whether connections are encrypted."""
    plaintext_beyond_loopback: bool = False
    """Whether `plaintext` may leave this machine: everything in it can then be read on the way, passwords too."""
    ca_file: Where | None = None
    """The certificates that brokers may be signed by. Absent: those the system trusts. The name of the host is always checked."""
    certificate_file: Where | None = None
    """Our own certificate, for brokers that ask for one."""
    certificate_key_file: Where | None = None
    """Its key."""
    mechanism: Literal["scram-sha-512", "scram-sha-256", "plain"] = "scram-sha-512"
    """How the password is shown."""
    user: str | None = None
    """The user. Absent: nobody logs in."""
    password_file: Where | None = None
    """A file that holds the user's password."""
    member: str | None = None
    """A name of this worker's own that stays: a restart within the session is no rebalance then. Absent: none."""
    session: Annotated[int, Field(ge=6, le=300)] = 45
    """Seconds without a sign of life after which a worker's partitions go to the others."""
    dead_letter_topic: Topic | None = None
    """A topic that is told place and reason of every dead letter, and nothing of what stood in it. Absent: none."""


class Worker(Part):
    """A worker's own series and probes (`collect`)."""

    host: str = "127.0.0.1"
    """The address to listen on. Loopback unless told."""
    port: int = Field(8751, ge=0, le=65535)
    """The port to listen on; 0: any that is free."""


def check_origins(origins: list[Origin], kafka: KafkaSettings, lists: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Every source reads from one kind of place, no topic is read by two, and whoever reads topics says where Kafka is. `lists`: topics
    that hold a list, by where they stand in the configuration."""
    seen: dict[str, str] = {}
    for number, origin in enumerate(origins):
        path = f"sources[{number}].from"
        ways = sum((origin.files is not None, bool(origin.topics), origin.topic_pattern is not None))
        if ways != 1:
            mend = "Write one of them." if not ways else "Take all but one away; two places are two sources."
            yield Problem(path, "none of them" if not ways else "several", "`files`, `topics` or `topic_pattern`", mend)
        for topic in origin.topics:
            if topic in seen:
                mend = f"{seen[topic]} reads {written(topic)} too: every event of it would be there twice."
                yield Problem(f"{path}.topics", written(topic), "topics that no other source reads", mend)
            seen[topic] = f"sources[{number}]"
    for path, topics in lists.items():
        for topic in topics:
            if topic in seen:
                mend = f"{seen[topic]} reads {written(topic)} too: a topic holds events, or entries, or rows."
                yield Problem(path, written(topic), "topics that nothing else reads", mend)
            seen[topic] = path
    if any(origin.from_kafka for origin in origins) or any(lists.values()):
        yield from _check_connection(kafka)


def _check_connection(kafka: KafkaSettings) -> Iterator[Problem]:
    if not kafka.brokers:
        mend = "Write where Kafka is: `brokers: [kafka-1.example.org:9093]`."
        yield Problem("kafka.brokers", "none", "one broker at least, where topics are read", mend)
    if kafka.security == "plaintext":
        far = [broker for broker in kafka.brokers if not _is_loopback(broker)]
        if far and not kafka.plaintext_beyond_loopback:
            mend = "Take `security: tls`, or accept it with `plaintext_beyond_loopback: true`."
            yield Problem("kafka.security", "", f"`tls` beyond this machine ({', '.join(far)})", mend)
        for key in ("ca_file", "certificate_file", "certificate_key_file"):
            if getattr(kafka, key) is not None:
                yield Problem(f"kafka.{key}", "", "nothing with `security: plaintext`", "Take `security: tls`.")
    for one, other in (("user", "password_file"), ("certificate_file", "certificate_key_file")):
        for have, lack in ((one, other), (other, one)):
            if getattr(kafka, have) is not None and getattr(kafka, lack) is None:
                yield Problem(f"kafka.{have}", "", f"`{have}` together with `{lack}`", f"Write `{lack}` too.")


def _is_loopback(broker: str) -> bool:
    host = broker.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
