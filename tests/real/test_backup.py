"""A database that was dumped under running workers, lost, and restored, fills up from the topic by itself."""

from pathlib import Path

from tests.real.postgresql import Server
from tests.real.topics import Topics
from tests.real.tortured import DATABASE, Tortured


def test_a_dump_restored_is_filled_up_from_the_topic_and_nothing_counts_twice(
    tmp_path: Path, topics: Topics, server: Server
) -> None:
    tortured = Tortured(tmp_path, topics, server)
    try:
        worker = tortured.start()
        tortured.write(1_000)
        tortured.wait_for_offsets(1_000)
        tortured.write(1_000)
        server.dump(DATABASE, server.folder / "backup")
        tortured.wait_for_offsets(2_000)
        server.drop(DATABASE)
        server.create(DATABASE)
        server.restore(DATABASE, server.folder / "backup")
        assert 1_000 <= tortured.count_offsets() <= 2_000
        tortured.write(500)
        assert tortured.wait_until_read() == (2_500, 0, 0)
        assert worker.poll() is None
    finally:
        tortured.end()
