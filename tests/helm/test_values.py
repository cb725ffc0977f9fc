"""Every value is documented, in the table of the README, and known to the schema; what cannot work is refused with a message."""

import json
import os
from collections.abc import Iterator
from typing import Any

import helm_python
import pytest
import yaml

from tests.helm.chart import CHART, objects, render
from tests.helm.documented import documented, leaves, table

README = CHART / "README.md"
_BEGIN, _END = "<!-- values, written by make golden -->\n", "<!-- end of values -->"
SCHEMA = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
DEFAULTS = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))

SOUND: dict[str, Any] = {
    "mode": "distributed",
    "keys": {"existingSecret": "keys"},
    "database": {"existingSecret": "database"},
    "config": {
        "kafka": {"brokers": ["kafka:9093"]},
        "sources": [{"name": "mail", "decoder": "cloudevents", "from": {"topics": ["mail"]}, "channel": "email"}],
    },
}

# What is wrong, values over those above (None: over the defaults), and what people read.
REFUSED: list[tuple[str, bool, dict[str, Any], str]] = [
    ("a mode that there is not", False, {"mode": "cluster"}, "at '/mode': value must be one of 'embedded', 'distributed'"),
    ("a value that there is not", False, {"replicas": 2}, "at '': additional properties 'replicas' not allowed"),
    ("a misspelt value", False, {"image": {"tags": "1"}}, "at '/image': additional properties 'tags' not allowed"),
    ("SQLite with two pods", False, {"embedded": {"replicas": 2}}, "at '/embedded/replicas': value must be one of 0, 1"),
    ("SQLite on many machines", False, {"embedded": {"persistence": {"accessMode": "ReadWriteMany"}}},
     "at '/embedded/persistence/accessMode': value must be one of 'ReadWriteOnce', 'ReadWriteOncePod'"),
    ("a PostgreSQL that nobody asks", False, {"database": {"existingSecret": "x"}},
     "at '/database/existingSecret': maxLength: got 1, want 0"),
    ("scaling one pod", False, {"collect": {"autoscaling": {"enabled": True}}}, "at '/collect/autoscaling/enabled': value must be false"),
    ("importing beside the one process", False, {"import": {"enabled": True}}, "at '/import/enabled': value must be false"),
    ("no database", True, {"database": {"existingSecret": ""}}, "at '/database/existingSecret': minLength: got 0, want 1"),
    ("keys that every pod would make for itself", True, {"keys": {"existingSecret": ""}},
     "at '/keys/existingSecret': minLength: got 0, want 1"),
    ("no Kafka", False, {**SOUND, "config": {"sources": []}}, "at '/config': missing property 'kafka'"),
    ("no brokers", True, {"config": {"kafka": {"brokers": []}}}, "at '/config/kafka/brokers': minItems: got 0, want 1"),
    ("no source", True, {"config": {"sources": []}}, "at '/config/sources': minItems: got 0, want 1"),
    ("files for workers", True, {"config": {"sources": [{"from": {"files": "/input"}}]}},
     "at '/config/sources/0/from/files': got string, want null"),
    ("two that scale", True, {"collect": {"keda": {"enabled": True}, "autoscaling": {"enabled": True}}},
     "at '/collect/autoscaling/enabled': value must be false"),
    ("more pods at the least than at the most", True, {"collect": {"autoscaling": {"enabled": True, "minReplicas": 9}}},
     "at '/collect/autoscaling/minReplicas': 9 is more than maxReplicas, 6"),
    ("lag that KEDA cannot log in to ask for", True,
     {"collect": {"keda": {"enabled": True}}, "config": {"kafka": {"brokers": ["kafka:9093"], "user": "earshot"}}},
     "at '/collect/keda/authentication': minLength: got 0, want 1"),
    ("lag of topics that have no names", True,
     {"collect": {"keda": {"enabled": True}}, "config": {"sources": [{"name": "mail", "from": {"topic_pattern": "mail.*"}}]}},
     "at '/config/sources': no items match contains schema"),
    ("a password in the configuration's folder", True, {"config": {"kafka": {"brokers": ["kafka:9093"], "password_file": "x"}}},
     "at '/config/kafka/password_file': got string, want null"),
    ("a database in the configuration", False, {"config": {"store": "sqlite:////x"}}, "at '/config/store': got string, want null"),
    ("a port that the probes do not know", False, {"config": {"page": {"port": 80}}}, "at '/config/page/port': got number, want null"),
    ("a key of no Secret", False, {"kafka": {"passwordKey": "password"}}, "at '/kafka/existingSecret': minLength: got 0, want 1"),
    ("a port by name", False, {"service": {"port": "http"}}, "at '/service/port': got string, want integer"),
    ("half a digest", False, {"image": {"digest": "sha256:12"}}, "at '/image/digest': 'sha256:12' does not match pattern"),
    ("readings that Prometheus forgets between two looks", False, {"monitoring": {"interval": "5m"}},
     "at '/monitoring/interval': '5m' does not match"),
    ("a page without a name", False, {"ingress": {"enabled": True}}, "at '/ingress/host': minLength: got 0, want 1"),
    ("a pod that ends before its work is recorded", True, {"collect": {"terminationGracePeriodSeconds": 5}},
     "at '/collect/terminationGracePeriodSeconds': minimum: got 5, want 20"),
    ("a role that is none", True, {"database": {"existingSecret": "x", "workerRole": "a; DROP"}},
     "at '/database/workerRole': 'a; DROP' does not match"),
    ("nothing where something has to stand", False, {"config": None}, "at '': missing property 'config'"),
    ("brokers that are no list", False, {"config": {"kafka": {"brokers": "kafka:9093"}}},
     "at '/config/kafka/brokers': got string, want array"),
    ("a topic that YAML takes for a no", False, {"config": {"sources": [{"from": {"topics": [False]}}]}},
     "at '/config/sources/0/from/topics/0': got boolean, want string"),
    ("a Secret of which no key is named", False, {"kafka": {"existingSecret": "x"}},
     "at '/kafka/passwordKey': minLength: got 0, want 1"),
    ("a token for no Grafana", False, {"grafana": {"existingSecret": "x"}}, "at '/config': missing property 'grafana'"),
    ("a volume that nobody reads", True, {"input": {"volume": {"emptyDir": {}}}}, "at '/import/enabled': value must be true"),
    ("a schedule that is none", True, {"import": {"enabled": True, "schedule": "hourly"}},
     "at '/import/schedule': 'hourly' does not match pattern"),
    ("leaving out an alert that there is not", False, {"monitoring": {"rules": {"enabled": True, "disabled": ["EarshotNone"]}}},
     "at '/monitoring/rules/disabled': no alert is called EarshotNone"),
    ("a name that Kubernetes does not take", False, {"fullnameOverride": "My_Name"},
     "at '/fullnameOverride': 'My_Name' does not match pattern"),
    ("a label that pods are found by", False, {"commonLabels": {"app.kubernetes.io/name": "x"}},
     "at '/commonLabels/app.kubernetes.io~1name': got string, want null"),
    ("a label that is a number", False, {"commonLabels": {"cost-centre": 41}}, "at '/commonLabels/cost-centre': got number, want string"),
]  # fmt: skip


def over(values: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """As Helm lays one file over another."""
    merged = dict(values)
    for key, value in more.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = over(merged[key], value) if both else value
    return merged


@pytest.mark.parametrize(("why", "distributed", "values", "said"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_cannot_work_is_refused_with_a_message(
    why: str, distributed: bool, values: dict[str, Any], said: str
) -> None:
    assert why in README.read_text(encoding="utf-8"), "the README's table of what is refused"
    with pytest.raises(helm_python.HelmError) as refusal:
        render(yaml.safe_dump(over(SOUND if distributed else {}, values)))
    assert said in str(refusal.value)


def test_what_the_refused_ones_are_laid_over_is_sound() -> None:
    assert render(yaml.safe_dump(SOUND))
    assert render("{}")


def test_a_value_that_is_not_empty_cannot_be_taken_away() -> None:
    """Helm takes away what is null. Resources and contexts may go: on some clusters others set them."""
    may_go = {"resources", "podSecurityContext", "securityContext", "labels"}
    for path, schema, values in tables(SCHEMA, DEFAULTS, ""):
        not_empty = {key for key, value in values.items() if value not in ("", [], {})}
        assert set(schema.get("required", [])) == not_empty - may_go, path


def test_a_value_that_may_be_taken_away_leaves_a_release_that_is_sound() -> None:
    gone: dict[str, Any] = {}
    for path, schema, values in tables(SCHEMA, DEFAULTS, ""):
        at = gone
        for key in path.split(".")[:-1]:
            at = at.setdefault(key, {})
        at.update(dict.fromkeys(values.keys() - set(schema.get("required", []))))
    everything = {
        "monitoring": {key: {"enabled": True} for key in ("serviceMonitor", "podMonitor", "rules", "dashboards")},
        "networkPolicy": {"enabled": True},
    }
    for base in (over(everything, {}), over(over(SOUND, {"import": {"enabled": True}}), everything)):
        left = yaml.safe_dump(over(gone, base))
        assert {"PrometheusRule", "NetworkPolicy"} < {each["kind"] for each in objects(left)}
        assert not [file for file, text in render(left).items() if "%!" in text or "<nil>" in text]


def tables(
    schema: dict[str, Any], values: dict[str, Any], path: str
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every mapping of values.yaml that the schema has the keys of, with its path."""
    yield path, schema, values
    for key, inner in schema.get("properties", {}).items():
        if isinstance(values.get(key), dict) and "properties" in inner:
            yield from tables(inner, values[key], f"{path}{key}.")


def test_every_value_says_what_it_is() -> None:
    said = [value.path for value in documented()]
    silent = [
        leaf for leaf in leaves(DEFAULTS) if not any(leaf == path or leaf.startswith(f"{path}.") for path in said)
    ]
    assert silent == []


def test_the_schema_knows_the_same_values() -> None:
    assert unknown(DEFAULTS, SCHEMA, "") == []
    assert unset(SCHEMA, DEFAULTS, "") == []


def unknown(values: dict[str, Any], schema: dict[str, Any], path: str) -> list[str]:
    """Values that the schema has no property for."""
    found = []
    for key, value in values.items():
        inner = schema.get("properties", {}).get(key)
        if inner is None and schema.get("additionalProperties") is False:
            found.append(f"{path}{key}")
        elif inner is not None and isinstance(value, dict):
            found += unknown(value, inner, f"{path}{key}.")
    return found


def unset(schema: dict[str, Any], values: dict[str, Any], path: str) -> list[str]:
    """Properties of the schema that values.yaml has no line for. What stands in `config` is docs/configuration.md's to say."""
    found = []
    for key, inner in schema.get("properties", {}).items():
        if key not in values:
            found.append(f"{path}{key}")
        elif isinstance(values[key], dict) and f"{path}{key}" != "config":
            found += unset(inner, values[key], f"{path}{key}.")
    return found


def test_the_readme_s_table_is_that_of_the_values() -> None:
    before, rest = README.read_text(encoding="utf-8").split(_BEGIN)
    after = rest.split(_END)[1]
    expected = before + _BEGIN + "\n" + table() + "\n" + _END + after
    if os.environ.get("EARSHOT_GOLDEN") == "1":
        README.write_text(expected, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == expected
