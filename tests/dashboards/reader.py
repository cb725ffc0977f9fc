"""Dashboards read by Grafana's own types (grafana-foundation-sdk): what they do not know is lost on the way, and so is found. Whether a
Grafana draws them is left to `against_grafana`."""

import json
from collections.abc import Iterator
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

register_default_plugins()


def lost(tree: dict[str, Any]) -> list[str]:
    """The paths of all that does not come back as it went in: keys that nobody knows, values of another kind."""
    back = json.loads(json.dumps(Dashboard.from_json(tree), cls=JSONEncoder))
    return list(_lost(tree, back, ""))


def _lost(sent: Any, back: Any, path: str) -> Iterator[str]:
    if isinstance(sent, dict) and isinstance(back, dict):
        for key, value in sent.items():
            if key in back:
                yield from _lost(value, back[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}"
    elif isinstance(sent, list) and isinstance(back, list) and len(sent) == len(back):
        for place, (one, other) in enumerate(zip(sent, back, strict=True)):
            yield from _lost(one, other, f"{path}[{place}]")
    elif sent != back:
        yield path
