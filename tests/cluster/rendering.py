"""What the two Helms say of the chart without a server: every case and example is sound to both, and both render the same. What the server
says is left to `strict`."""

from typing import Any

import yaml

from tests.cluster.definitions import FILES, FOLDER, made
from tests.cluster.helm import Helm
from tests.cluster.scenario import CHART, Scenario

# Argo CD's is no file of values.
FILES_OF_VALUES = [
    path for path in sorted([*CHART.glob("ci/*-values.yaml"), *CHART.glob("examples/*.yaml")]) if path.stem != "argo-cd"
]


def render_with_both(scenario: Scenario, newest: Helm, before: Helm, server: str) -> None:
    """`server`: the version of Kubernetes that is rendered for; a Helm built from source believes in none that is alive."""
    count = 0
    for values in FILES_OF_VALUES:
        for helm in (newest, before):
            told = helm.run(
                *("lint", str(CHART), "--strict", "--quiet", "--values", str(values), "--kube-version", server)
            )
            assert told == "", told
        one, other = (_objects(helm.template(CHART, values, server)) for helm in (newest, before))
        assert one
        assert one == other, values
        count += len(one)
    scenario.seen.append(
        f"The {len(FILES_OF_VALUES)} files of `ci/` and `examples/`: `helm lint --strict` has nothing to say, "
        f"and Helm {newest.version} and {before.version} render the same {count} objects"
    )


def compare_definitions(scenario: Scenario) -> None:
    """Those that the test command goes by, with those that this server has been given."""
    for name, text in made().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, "python -m tests.cluster.definitions"
    kinds = ", ".join(kind for _, kinds in FILES.values() for kind in kinds)
    scenario.seen.append(
        f"What the test command holds {kinds} against is what their own definitions say, field by field"
    )


def _objects(text: str) -> list[Any]:
    found = [each for each in yaml.load_all(text, yaml.CSafeLoader) if each]
    return sorted(found, key=lambda each: (each["kind"], each["metadata"]["name"]))
