"""The truth files of a simulation, read back."""

import json
from pathlib import Path
from typing import Any


def read_truth(root: Path, name: str) -> list[dict[str, Any]]:
    """The lines of one of them."""
    text = (root / "truth" / f"{name}.ndjson").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]
