"""A release as it is rendered for a real Kafka and PostgreSQL, with what the cluster holds for it; its containers are processes. What they
do is left to the tests."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.helm.chart import find, objects
from tests.helm.pod import Pod

PEOPLE = "address,department\n" + "".join(f"person{number}@example.org,Sales\n" for number in range(60))
TARGETS = [{"name": "reach", "indicator": "reach", "value": 0.7}]
MONITORED = {"serviceMonitor": {"enabled": True}, "podMonitor": {"enabled": True}, "rules": {"enabled": True}}


class Release:
    """`values`: as a user writes them; `cluster`: Secrets and claims that are there, by name."""

    def __init__(
        self,
        name: str,
        values: Mapping[str, Any],
        cluster: Mapping[str, Mapping[str, bytes]],
        claims: Mapping[str, Path],
    ) -> None:
        self.name = name
        self.objects = objects(yaml.safe_dump(dict(values)), name=name)
        self._cluster, self._claims = cluster, claims

    def pod(self, kind: str, component: str = "") -> Pod:
        """The one that a workload of it makes."""
        name = f"{self.name}-{component}" if component else self.name
        return Pod(self.objects, find(self.objects, kind, name), self._cluster, self._claims)


def new_keys() -> dict[str, bytes]:
    return {"pseudonym.key": secrets.token_bytes(32), "erasure.key": secrets.token_bytes(32)}


def distributed(address: str, topic: str, **config: Any) -> dict[str, Any]:
    """Values of a release that reads a topic, with people on a volume."""
    source = {"name": "mail", "decoder": "cloudevents", "channel": "email", "from": {"topics": [topic]}}
    return {
        "mode": "distributed",
        "config": {
            "kafka": {"brokers": [address], "security": "plaintext", "group": topic, "session": 8},
            "directory": {"files": ["/input/*.csv"]},
            "sources": [source],
            "targets": TARGETS,
            **config,
        },
        "keys": {"existingSecret": "earshot-keys"},
        "database": {"existingSecret": "earshot-database"},
        "input": {"volume": {"persistentVolumeClaim": {"claimName": "input"}}},
        "import": {"enabled": True},
        "monitoring": MONITORED,
    }


def event(number: int, kind: str = "delivered", at: str = "2026-11-02T09:00:00Z") -> bytes:
    """What happened to one of sixty people."""
    person = f"person{number % 60}@example.org"
    head = {
        "specversion": "1.0",
        "id": f"{kind}{number}",
        "source": "/mail",
        "type": f"earshot.{kind}",
        "subject": "m-1",
    }
    return json.dumps({**head, "time": at, "data": {"address": person}}).encode()
