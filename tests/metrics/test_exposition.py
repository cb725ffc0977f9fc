"""All that is served together, readings and the service's own, held against the catalogue and against promtool."""

import os
import shutil
import subprocess

import pytest
from prometheus_client import generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics
from prometheus_client.parser import text_string_to_metric_families

from metrics.catalogue import CATALOGUE
from tests.metrics.scraping import whole_exposition


def test_one_family_can_be_asked_for_by_its_name() -> None:
    text = generate_latest(whole_exposition().restricted_registry(["earshot_target_info"])).decode()
    families = [family.name for family in text_string_to_metric_families(text)]
    assert families == ["earshot_target_info"]


def test_what_is_served_and_what_the_catalogue_says_is_the_same() -> None:
    served = {
        family.name + ("_total" if family.type == "counter" else ""): (family.type, family.documentation)
        for family in whole_exposition().collect()
    }
    assert served == {series.name: (series.kind, series.help) for series in CATALOGUE}


def test_no_sample_has_a_time_of_its_own_and_no_series_tells_when_it_began() -> None:
    for family in whole_exposition().collect():
        for sample in family.samples:
            assert sample.timestamp is None
            assert not sample.name.endswith("_created")


def test_openmetrics_is_served_as_well() -> None:
    text = generate_openmetrics(whole_exposition()).decode()  # type: ignore[no-untyped-call]
    assert text.endswith("# EOF\n")


def test_promtool_finds_nothing_to_say() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        if os.environ.get("CI") == "true":
            pytest.fail("promtool has to be there in CI")
        pytest.skip("promtool is not installed (Debian: package prometheus)")
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=generate_latest(whole_exposition()), capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout.decode(), checked.stderr.decode()) == (0, "", "")
