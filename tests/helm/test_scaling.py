"""KEDA takes what is rendered for it: its own definitions, held strictly, and what its scaler of Kafka reads of a trigger, which its
definitions leave open. What the triggers say is left to `test_workloads`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.helm.chart import CASES, CHART, EXAMPLES, ROOT, Object, objects

FOLDER = Path(__file__).parent
KINDS = json.loads((FOLDER / "keda.schema.json").read_text(encoding="utf-8"))


def told(kind: str) -> Iterator[Object]:
    """Of every case and example."""
    for case in (*CASES, *EXAMPLES):
        yield from (each for each in objects(case.read_text(encoding="utf-8")) if each["kind"] == kind)


def takes(kind: str, what: Any) -> bool:
    return bool(jsonschema.Draft7Validator(KINDS[kind]).is_valid(what))


@pytest.mark.parametrize("kind", ["ScaledObject", "TriggerAuthentication"])
def test_keda_takes_what_it_is_told(kind: str) -> None:
    found = list(told(kind))
    assert found
    for each in found:
        jsonschema.Draft7Validator(KINDS[kind]).validate(each)


def test_the_scaler_of_kafka_reads_every_parameter_of_every_trigger_and_misses_none() -> None:
    triggers = [trigger for each in told("ScaledObject") for trigger in each["spec"]["triggers"]]
    assert len(triggers) > 2
    for trigger in triggers:
        assert trigger["type"] == "kafka"
        jsonschema.Draft7Validator(KINDS["kafka"]).validate(trigger["metadata"])


def test_what_keda_is_to_log_in_by_is_there_and_holds_what_it_asks_for() -> None:
    by_name = {each["metadata"]["name"]: each["spec"]["secretTargetRef"] for each in told("TriggerAuthentication")}
    managed = objects((CHART / "examples" / "managed-kafka.yaml").read_text(encoding="utf-8"))
    [scaled] = [each for each in managed if each["kind"] == "ScaledObject"]
    for trigger in scaled["spec"]["triggers"]:
        given = {each["parameter"] for each in by_name[trigger["authenticationRef"]["name"]]}
        assert trigger["metadata"]["sasl"] == "scram_sha512"
        assert {"username", "password"} <= given


def test_what_is_misspelt_is_not_taken() -> None:
    scaled = next(told("ScaledObject"))
    assert takes("ScaledObject", scaled)
    assert not takes("ScaledObject", {**scaled, "spec": {**scaled["spec"], "maxReplicas": 6}})
    assert not takes("ScaledObject", {**scaled, "spec": {**scaled["spec"], "triggers": []}})
    said = scaled["spec"]["triggers"][0]["metadata"]
    assert takes("kafka", said)
    assert not takes("kafka", {**said, "lagTreshold": "10"})
    assert not takes("kafka", {**said, "sasl": "scram-sha-512"})
    assert not takes("kafka", {name: text for name, text in said.items() if name != "consumerGroup"})


@pytest.mark.parametrize("name", ["operator", "keda"])
def test_the_definitions_are_of_the_versions_that_the_real_server_is_given(name: str) -> None:
    told = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))["$comment"]
    [version] = re.findall(rf"\b{name}=([0-9.]+)", (ROOT / ".ci" / "cluster").read_text(encoding="utf-8"))
    assert f" v{version} " in told
