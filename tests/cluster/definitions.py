"""What kinds that others than Kubernetes define look like, held strictly: schemas made of the definitions that `.ci/cluster` fetches. They
are committed in tests/helm, where the test command holds the chart against them; `python -m tests.cluster.definitions` writes them anew."""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.control_plane import CACHE, Object

FOLDER = Path(__file__).parents[1] / "helm"
# Each file's kinds, and where they are from.
_OPERATOR = "github.com/prometheus-operator/prometheus-operator v0.85.0 (example/prometheus-operator-crd; Apache-2.0)"
_KEDA = "github.com/kedacore/keda/v2 v2.21.0 (config/crd/bases, and what schema/generated has of the scaler `kafka`; Apache-2.0)"
FILES = {
    "operator.schema.json": (_OPERATOR, ("ServiceMonitor", "PodMonitor", "PrometheusRule")),
    "keda.schema.json": (_KEDA, ("ScaledObject", "TriggerAuthentication")),
}
_LEFT_OUT = ("description", "default", "format")


def strict(schema: Any) -> Any:
    """The same schema, which refuses every field that it does not name, as a server held to be strict does."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made: Object = {}
    for key, value in schema.items():
        if key == "properties":
            made[key] = {name: strict(inner) for name, inner in value.items()}
        elif key == "x-kubernetes-int-or-string":
            made["type"] = ["integer", "string"]
        elif key not in _LEFT_OUT and not key.startswith("x-kubernetes-"):
            made[key] = strict(value)
    if "properties" in made:
        made.setdefault("additionalProperties", False)
    return made


def parameters(scaler: Object) -> Object:
    """What a trigger of KEDA's may hold, which its definition leaves to the scaler: texts by name."""
    read = [each for each in scaler["parameters"] if each.get("metadataVariableReadable")]
    return {
        "type": "object",
        "properties": {
            each["name"]: {"type": "string", **({"enum": each["allowedValue"]} if "allowedValue" in each else {})}
            for each in read
        },
        "required": [each["name"] for each in read if not each.get("optional") and "default" not in each],
        "additionalProperties": False,
    }


def made() -> dict[str, str]:
    """The files as they have to be, by name."""
    crds = [yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) for path in (CACHE / "crds").glob("*.yaml")]
    schemas = {crd["spec"]["names"]["kind"]: crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"] for crd in crds}
    scalers = json.loads((CACHE / "keda-scalers.json").read_text(encoding="utf-8"))["scalers"]
    [kafka] = [each for each in scalers if each["type"] == "kafka"]
    found = {name: {kind: strict(schemas[kind]) for kind in kinds} for name, (_, kinds) in FILES.items()}
    found["keda.schema.json"]["kafka"] = parameters(kafka)
    return {name: _written(FILES[name][0], kinds) for name, kinds in found.items()}


def _written(origin: str, kinds: Object) -> str:
    said = f"From {origin}, descriptions left out, unknown fields refused. Written by `python -m tests.cluster.definitions`."
    lines = [f'"$comment": {json.dumps(said)}']
    lines += [f'"{kind}": {json.dumps(schema, separators=(",", ":"))}' for kind, schema in kinds.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    for name, text in made().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
