"""What the chart's README tells people to write works: its YAML is such as the chart takes, and its backup is one."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from metrics.ledger.database import migrate, open_database
from tests.helm.chart import CHART, objects
from tests.helm.test_values import SOUND, over

README = (CHART / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.partition("\n")[0])
def test_the_chart_takes_what_the_readme_writes(snippet: str) -> None:
    values = yaml.safe_load(snippet)
    found = objects(yaml.safe_dump(over(SOUND, values)))
    assert found != objects(yaml.safe_dump(SOUND))


def test_the_route_of_the_readme_leads_to_the_service() -> None:
    [snippet] = [each for each in SNIPPETS if "HTTPRoute" in each]
    found = objects(yaml.safe_dump(over(SOUND, yaml.safe_load(snippet))), name="ear")
    [route] = [each for each in found if each["kind"] == "HTTPRoute"]
    [service] = [each for each in found if each["kind"] == "Service"]
    [rule] = route["spec"]["rules"]
    assert rule["backendRefs"] == [{"name": service["metadata"]["name"], "port": service["spec"]["ports"][0]["port"]}]


def test_the_backup_of_the_readme_is_a_database(tmp_path: Path) -> None:
    [script] = [each for each in re.findall(r"python3 -c '(.*?)'", README, re.DOTALL) if "backup" in each]
    engine = open_database(tmp_path / "earshot.db")
    migrate(engine)
    script = script.replace("/var/lib/earshot/", f"{tmp_path}/").replace("/tmp/earshot.db", f"{tmp_path}/copy.db")
    # Beside a process that has the database open, as kubectl exec does it.
    with engine.connect():
        copied = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout
    engine.dispose()
    (tmp_path / "restored.db").write_bytes(copied)
    with sqlite3.connect(tmp_path / "restored.db") as restored:
        assert restored.execute("SELECT version_num FROM alembic_version").fetchone()
        assert restored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
