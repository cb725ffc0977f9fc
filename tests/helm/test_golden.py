"""What two cases render to, whole, so that a change of a template is seen as what it changes. `make golden` writes it anew."""

import os
from pathlib import Path

import pytest

from tests.helm.chart import CHART, render

GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize("case", ["embedded", "distributed"])
def test_a_case_renders_as_before(case: str) -> None:
    rendered = render((CHART / "ci" / f"{case}-values.yaml").read_text(encoding="utf-8"))
    said = {file: text for file, text in sorted(rendered.items()) if text.strip()}
    whole = "".join(f"# {file}\n{text.strip()}\n---\n" for file, text in said.items())
    golden = GOLDEN / f"{case}.yaml"
    if os.environ.get("EARSHOT_GOLDEN") == "1":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(whole, encoding="utf-8")
    assert whole == golden.read_text(encoding="utf-8")
