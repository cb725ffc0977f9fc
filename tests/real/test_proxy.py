"""What is cut in the middle of COMMIT is recorded again, and stands once; whichever of the two had become of it."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import select, text

from collectors.events import Collected, Event, Interval
from metrics.ledger.database import migrate, open_database
from metrics.ledger.door import LedgerError
from metrics.ledger.tables import delta
from tests.metrics.ledger.whole import make_writer, pseudonym, read_whole
from tests.real.postgresql import Server
from tests.real.proxy import Proxy

T = 1_790_000_000_000_000


@pytest.fixture
def proxy(postgresql: Server) -> Iterator[Proxy]:
    with Proxy(postgresql) as proxy:
        yield proxy


@pytest.mark.parametrize(
    "carried_out", [True, False], ids=["after it was carried out", "before the server heard of it"]
)
def test_a_batch_whose_commit_was_never_answered_is_recorded_again_and_stands_once(
    postgresql_url: str, proxy: Proxy, carried_out: bool
) -> None:
    database = postgresql_url.rpartition("/")[2]
    migrate(direct := open_database(postgresql_url))
    engine = open_database(proxy.url(database))
    writer = make_writer(engine)
    batch = Collected("mail", [Event("opened", "m1", pseudonym("anna"), "email", T)], read=[Interval("s", 0, 0, 1)])
    writer.record(Collected("mail", [Event("opened", "m0", pseudonym("bert"), "email", T)]))
    proxy.cut_next(carried_out=carried_out)
    with pytest.raises(LedgerError):
        writer.record(batch)
    assert proxy.cuts == 1
    with direct.connect() as connection:
        # The server may need a moment to see that the client has gone.
        connection.execute(text("SELECT pg_sleep(0.3)"))
        assert len(connection.execute(select(delta.c.id)).all()) == 1 + carried_out
    writer.record(batch)
    whole = read_whole(direct)
    assert [len(facts) for facts in whole.sets.values()] == [1, 1]
    assert whole.intervals == {("s", 0): [Interval("s", 0, 0, 1)]}
    for each in (engine, direct):
        each.dispose()


def test_what_is_not_cut_is_passed_on_whole(proxy: Proxy) -> None:
    with psycopg.connect(proxy.url("postgres")) as connection:
        (long,) = connection.execute("SELECT repeat('x', 1000000)").fetchone() or ("",)
        assert len(long) == 1_000_000
    assert proxy.cuts == 0
