"""Kafka over TLS, with passwords and with certificates: who should get in does, and who should not is told what may be wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collectors import kafka_consumer
from collectors.kafka import KafkaSource
from config.schema import KafkaSettings, Origin
from tests.ports import free_ports
from tests.real.broker import Broker, needs_kafka
from tests.real.certificates import Authority
from tests.real.reader import Reading, system_now
from tests.real.topics import Topics, new_name


class Guarded:
    """A broker with a port for passwords over TLS and one for certificates, and a topic with a record."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority(folder, "authority")
        certificate, key = self.authority.certify("localhost")
        (folder / "store.pem").write_bytes(key.read_bytes() + certificate.read_bytes())
        self.with_password, self.with_certificate, plain, controller = free_ports(4)
        module = "org.apache.kafka.common.security"
        more = {
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"PLAINTEXT://127.0.0.1:{plain},CONTROLLER://127.0.0.1:{controller},"
            f"SASL_SSL://localhost:{self.with_password},SSL://localhost:{self.with_certificate}",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(folder / "store.pem"),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.authority.file),
            "listener.name.ssl.ssl.client.auth": "required",
            "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
            "listener.name.sasl_ssl.plain.sasl.jaas.config": f'{module}.plain.PlainLoginModule required user_earshot="right";',
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": f"{module}.scram.ScramLoginModule required;",
        }
        (folder / "kafka").mkdir()
        self.broker = Broker(folder / "kafka", more, {"earshot": "right"})
        self.broker.port = plain
        self.broker.start()
        self.topics = Topics(self.broker.address)
        self.topic = self.topics.create()
        self.topics.write(self.topic, [b"let in"])
        (folder / "right").write_text("right\n")
        (folder / "wrong").write_text("wrong\n")

    def read(self, **settings: Any) -> list[bytes]:
        """What a source reads that is configured so."""
        reading = Reading(self.source(**settings))
        reading.finish()
        reading.source.close()
        return reading.bodies()

    def refusal(self, **settings: Any) -> str:
        """Why it does not come in."""
        source = self.source(**settings)
        with pytest.raises(OSError, match="no broker answers") as refused:
            source.poll(10)
        return str(refused.value.strerror)

    def source(self, *, port: int, host: str = "localhost", ca: Path | None = None, **settings: Any) -> KafkaSource:
        given = {
            "brokers": (f"{host}:{port}",),
            "group": new_name("group"),
            "ca_file": ca or self.authority.file,
            **settings,
        }
        return KafkaSource("source", KafkaSettings(**given), Origin(topics=(self.topic,)), now=system_now)

    def end(self) -> None:
        self.topics.close()
        self.broker.stop()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    needs_kafka()
    guarded = Guarded(tmp_path_factory.mktemp("guarded"))
    yield guarded
    guarded.end()


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_consumer, "_BOOTSTRAP_MS", 3000)


@pytest.mark.parametrize("mechanism", ["scram-sha-512", "plain"])
def test_the_right_password_over_tls_gets_in(guarded: Guarded, mechanism: str) -> None:
    password = {"user": "earshot", "password_file": guarded.folder / "right"}
    assert guarded.read(port=guarded.with_password, mechanism=mechanism, **password) == [b"let in"]


def test_our_own_certificate_gets_in(guarded: Guarded) -> None:
    certificate, key = guarded.authority.certify("worker")
    ours = {"certificate_file": certificate, "certificate_key_file": key}
    assert guarded.read(port=guarded.with_certificate, **ours) == [b"let in"]


def test_without_a_certificate_of_our_own_nobody_gets_in_where_one_is_asked_for(guarded: Guarded) -> None:
    assert "certificate" in guarded.refusal(port=guarded.with_certificate)


def test_the_wrong_password_is_among_what_is_told(guarded: Guarded) -> None:
    password = {"user": "earshot", "password_file": guarded.folder / "wrong"}
    told = guarded.refusal(port=guarded.with_password, **password)
    assert "refuses the password" in told
    assert "wrong" not in told.replace("the wrong", "")


def test_a_broker_whose_certificate_nobody_trusts_is_not_talked_to(guarded: Guarded, tmp_path: Path) -> None:
    password = {"user": "earshot", "password_file": guarded.folder / "right"}
    other = Authority(tmp_path, "other").file
    assert "nobody here trusts" in guarded.refusal(port=guarded.with_password, ca=other, **password)


def test_a_broker_that_shows_the_certificate_of_another_host_is_not_talked_to(guarded: Guarded) -> None:
    password = {"user": "earshot", "password_file": guarded.folder / "right"}
    assert guarded.refusal(port=guarded.with_password, host="127.0.0.1", **password)
