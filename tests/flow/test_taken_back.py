"""An upgrade, and the upgrade taken back, by two versions: this one, and a copy of it with a migration more. Nothing is lost on the way;
or, where the newer one did more than add to the tables, this one touches nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from metrics.ledger import migrating
from metrics.ledger.migrating import SUITS_SINCE, NewerTables
from tests.flow.office import DAY, SENT, Office, by_target

ROOT = Path(__file__).parents[2]
TARGETS = [{"indicator": "opened", "window": "5 days", "value": 0.5}]

_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = {head!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("of_tomorrow", sa.Column("name", sa.Text, primary_key=True))
"""

_ROAD = """
import sys
from pathlib import Path
from config.load import load
from roles import Service
from sites import Site

with Service(Site(load(Path(sys.argv[1]), {}).settings), lambda: int(sys.argv[2]), finish=True) as service:
    while not service.turn().caught_up:
        pass
    service.tick()
"""


def copy_with_a_migration_more(folder: Path, *, suits: str) -> Path:
    newer = folder / "newer"
    for name in ("collectors", "config", "dashboards", "metrics"):
        shutil.copytree(ROOT / name, newer / name, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ROOT.glob("*.py"):
        shutil.copy(file, newer)
    ledger = newer / "metrics" / "ledger"
    head = max(file.name[:4] for file in (ledger / "migrations" / "versions").glob("[0-9]*.py"))
    (ledger / "migrations" / "versions" / "9999_tomorrow.py").write_text(_MIGRATION.format(head=head), encoding="utf-8")
    text = (ledger / "migrating.py").read_text(encoding="utf-8")
    (ledger / "migrating.py").write_text(text.replace(f'"{SUITS_SINCE}"', f'"{suits}"'), encoding="utf-8")
    return newer


def run(version: Path, folder: Path, now: int) -> None:
    """A version of the program over everything that waits, as a process of its own."""
    command = [sys.executable, "-c", _ROAD, str(folder / "earshot.yaml"), str(now * 1_000_000)]
    subprocess.run(command, cwd=version, check=True, timeout=300)


def begin(folder: Path) -> Office:
    """A mail that ten people opened, published by this version."""
    office = Office(folder, mail=["delivered", "opened"])
    office.send("m")
    office.tell("opened", range(10))
    assert by_target(office.publish(TARGETS, now=SENT + 2 * DAY))["opened"]
    return office


def test_what_came_in_before_during_and_after_an_upgrade_that_was_taken_back_counts_once(tmp_path: Path) -> None:
    office = begin(tmp_path)
    office.tell("opened", range(8, 20))
    run(copy_with_a_migration_more(tmp_path, suits=SUITS_SINCE), tmp_path, SENT + 3 * DAY)
    office.tell("opened", range(18, 33))
    reading = by_target(office.publish(TARGETS))["opened"]
    assert (reading.numerator, reading.denominator) == (33, 60)


def test_where_the_newer_version_did_more_than_add_this_one_touches_nothing(tmp_path: Path) -> None:
    office = begin(tmp_path)
    newer = copy_with_a_migration_more(tmp_path, suits="9999")
    run(newer, tmp_path, SENT + 3 * DAY)
    before = (tmp_path / "data" / "earshot.db").read_bytes()
    with pytest.raises(NewerTables):
        office.publish(TARGETS)
    assert (tmp_path / "data" / "earshot.db").read_bytes() == before
    run(newer, tmp_path, SENT + 4 * DAY)


def test_the_copy_says_what_it_was_told_to() -> None:
    assert Path(migrating.__file__).read_text(encoding="utf-8").count(f'"{SUITS_SINCE}"') == 1
