"""`make chart-cluster`: the chart on a real API server, and what was seen written into docs/kubernetes.md."""

import sys
import tempfile
import time
from pathlib import Path

from tests.cluster.control_plane import CACHE, ControlPlane
from tests.cluster.helm import Helm
from tests.cluster.node import ROOT, Node
from tests.cluster.rendering import compare_definitions, render_with_both
from tests.cluster.scenario import NAMESPACE, Scenario
from tests.cluster.strict import install_embedded, validate

PAGE = ROOT / "docs" / "kubernetes.md"
_BEGIN, _END = "<!-- written by make chart-cluster -->\n", "<!-- end of what is written -->\n"


def main() -> int:
    if not (CACHE / "kubernetes").exists():
        print("`make chart-cluster` builds what this needs.", file=sys.stderr)
        return 1
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="earshot-cluster-") as name:
        folder = Path(name)
        with ControlPlane(folder) as plane, Node(plane) as node:
            seen, server = try_everything(plane, folder)
            assert node.failed is None, node.failed
    lines = [f"Kubernetes {server}; {time.monotonic() - began:.0f} s in all.\n", *(f"- {line}." for line in seen)]
    write("\n".join(lines) + "\n")
    print("\n".join(lines))
    return 0


def try_everything(plane: ControlPlane, folder: Path) -> tuple[list[str], str]:
    scenario = Scenario(plane, folder)
    scenario.prepare()
    server = str(plane.ask("GET", "/version")["gitVersion"])
    helms = newest, before = Helm(plane, 4, NAMESPACE), Helm(plane, 3, NAMESPACE)
    compare_definitions(scenario)
    render_with_both(scenario, newest, before, server)
    validate(scenario, newest, server)
    for helm in helms:
        scenario.run(helm)
        install_embedded(scenario, helm)
    return scenario.seen, server


def write(text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(_BEGIN)
    PAGE.write_text(before + _BEGIN + "\n" + text + "\n" + _END + rest.split(_END)[1], encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
