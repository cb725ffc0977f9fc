"""What a worker does before it has a database to write to."""

from pathlib import Path

import psycopg
import pytest
import yaml

from metrics.ledger.door import LedgerError, open_ledger
from on_disk import OnDisk
from sites import Site, load_sound
from tests.real.topics import wait_for
from worker import Worker


def test_a_database_that_goes_while_a_worker_begins_is_left_without_a_connection_however_often_that_is(
    tmp_path: Path, own_postgresql_url: str
) -> None:
    source = {"name": "all", "decoder": "cloudevents", "from": {"topics": ["t"]}, "channel": "intranet"}
    kafka = {"brokers": ["127.0.0.1:9"], "security": "plaintext"}
    written = {"data": "data", "store": own_postgresql_url, "sources": [source], "kafka": kafka}
    (tmp_path / "earshot.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    site = Site(load_sound(tmp_path / "earshot.yaml"))
    open_ledger(site.url, site.secrets).dispose()
    with psycopg.connect(own_postgresql_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE last_event RENAME TO gone")
        (lane,) = Worker(OnDisk(tmp_path / "earshot.yaml", site))._lanes
        for _ in range(3):
            with pytest.raises(LedgerError):
                lane._open()
        others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        wait_for(lambda: not connection.execute(others).fetchall(), 60)
