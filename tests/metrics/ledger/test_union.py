"""Recording is union: however often, in whatever order, cut anywhere, by however many writers, folded whenever."""

import os
import random
from collections.abc import Callable, Sequence
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from collectors.events import ACTIONS, Collected, DeadLetter, Event, Gap, Interval, Published
from metrics.ledger.database import migrate, open_database
from metrics.ledger.folding import fold
from tests.metrics.ledger.stores import STORES
from tests.metrics.ledger.whole import Whole, make_writer, pseudonym, read_whole
from tests.real.postgresql import empty

EXAMPLES = int(os.environ.get("EARSHOT_TEST_EXAMPLES", "40"))
START = 1_790_000_000_000_000
Fresh = Callable[[], Engine]
Thing = Event | Published | DeadLetter | Interval | Gap

_times = st.integers(0, 3 * 86_400).map(lambda second: START + second * 1_000_000)
_few = st.sampled_from(["a", "b"])
_maybe = st.none() | _few
_events = st.builds(
    Event,
    action=st.sampled_from([*ACTIONS, "answered", "reacted", "unreacted", "raised"]),
    message=st.sampled_from(["m1", "m2"]),
    person=st.none() | st.integers(1, 6).map(pseudonym),
    channel=st.sampled_from(["email", "intranet"]),
    occurred_at=st.none() | _times,
    received_at=st.none() | _times,
    id=_maybe,
    evidence=st.sampled_from([None, "pixel", "server_log"]),
    machine=st.sampled_from(["unknown", "yes"]),
    engaged_seconds=st.sampled_from([None, 12.0, 95.0]),
    link=_maybe,
    item=_maybe,
    question=_maybe,
    choice=_maybe,
    value=st.sampled_from([None, 1.0]),
    stance=st.sampled_from([None, "critical"]),
)
_published = st.builds(
    lambda message, words, at, id: Published({"id": message, "words": words}, at, START, id),
    st.sampled_from(["m1", "m2"]),
    st.integers(1, 4),
    st.none() | _times,
    _maybe,
)
_dead = st.builds(
    lambda offset, index: DeadLetter("s", 0, offset, index, "not_json", "why", b"body", START, None),
    st.integers(0, 3),
    st.integers(0, 2),
)
_ranges = st.tuples(st.integers(0, 30), st.integers(0, 8))
_read = st.builds(lambda range, stream: Interval(stream, 0, range[0], sum(range)), _ranges, _few)
_gaps = st.builds(lambda range, stream: Gap(stream, 0, range[0], sum(range), "expired"), _ranges, _few)
_things = st.lists(_events | _events | _events | _published | _dead | _read | _gaps, min_size=1, max_size=40)


def collect(things: Sequence[Thing]) -> Collected:
    return Collected(
        source="mail",
        events=[thing for thing in things if isinstance(thing, Event)],
        published=[thing for thing in things if isinstance(thing, Published)],
        dead=[thing for thing in things if isinstance(thing, DeadLetter)],
        read=[thing for thing in things if isinstance(thing, Interval)],
        gaps=[thing for thing in things if isinstance(thing, Gap)],
    )


def at_once(things: Sequence[Thing], fresh: Fresh) -> Whole:
    engine = fresh()
    make_writer(engine).record(collect(things))
    return _close(engine)


def anyhow(things: Sequence[Thing], fresh: Fresh, chance: random.Random) -> Whole:
    """Each thing one to five times, shuffled, cut anywhere, by three writers with caches of their own, folding in between."""
    engine = fresh()
    writers = [make_writer(engine) for _ in range(3)]
    rest = [thing for thing in things for _ in range(chance.randint(1, 5))]
    chance.shuffle(rest)
    while rest:
        size = chance.randint(1, len(rest))
        chance.choice(writers).record(collect(rest[:size]))
        del rest[:size]
        if chance.random() < 0.3:
            with engine.begin() as connection:
                fold(connection, limit_bytes=chance.choice([1, 10_000]))
    return _close(engine)


@pytest.fixture(scope="module", params=STORES)
def fresh(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Opens an empty ledger; on PostgreSQL the one before it is gone."""
    if request.param == "postgresql":
        server, url = request.getfixturevalue("postgresql"), request.getfixturevalue("shared_database")

        def emptied() -> Engine:
            empty(server.conninfo("ledger"))
            return open_database(url)

        return emptied
    path = tmp_path_factory.mktemp("union") / "ledger.sqlite3"
    engine = open_database(path)
    migrate(engine)
    engine.dispose()
    # To copy its bytes takes a twentieth of the time of making one.
    made = path.read_bytes()

    numbers = count()

    def copied() -> Engine:
        copy = path.with_name(f"{next(numbers)}.sqlite3")
        copy.write_bytes(made)
        return open_database(copy)

    return copied


def _close(engine: Engine) -> Whole:
    whole = read_whole(engine)
    engine.dispose()
    return whole


@settings(max_examples=EXAMPLES)
@given(things=_things, chance=st.randoms(use_true_random=False))
def test_any_shuffle_repetition_and_cut_leaves_the_same_ledger(
    fresh: Fresh, things: list[Thing], chance: random.Random
) -> None:
    assert anyhow(things, fresh, chance) == at_once(things, fresh)


@settings(max_examples=max(1, EXAMPLES // 4))
@given(things=_things, chance=st.randoms(use_true_random=False))
def test_what_stands_already_changes_nothing_when_it_comes_again(
    fresh: Fresh, things: list[Thing], chance: random.Random
) -> None:
    engine = fresh()
    make_writer(engine).record(collect(things))
    before = read_whole(engine)
    chance.shuffle(things)
    make_writer(engine).record(collect(things))
    with engine.begin() as connection:
        assert fold(connection).facts == 0
    assert _close(engine) == before
