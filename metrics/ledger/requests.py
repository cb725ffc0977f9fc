"""What a command asks of the running service, and its answer: left in the database, since only writers take the lock. What a request
does is left to `service`."""

import time
from collections.abc import Callable

import msgspec
from sqlalchemy import Connection, Engine, delete, insert, select, update

from metrics.ledger.tables import request

_KEPT = 100
_INTERVAL_SECONDS = 0.1


class Request(msgspec.Struct, frozen=True):
    """`argument`: what the kind asks for, such as a source's name or a pseudonym; never an address."""

    id: int
    kind: str
    argument: str


class Answer(msgspec.Struct, frozen=True):
    text: str
    refused: bool


def leave(engine: Engine, kind: str, argument: str) -> int:
    """Leave a request; its id, to wait with."""
    with engine.begin() as connection:
        row = insert(request).values(kind=kind, argument=argument).returning(request.c.id)
        return int(connection.execute(row).scalar_one())


def take(connection: Connection) -> list[Request]:
    """The requests that wait for an answer, in the order they were left; again and again until they have one."""
    waiting = select(request.c.id, request.c.kind, request.c.argument).where(request.c.answer.is_(None))
    return [Request(*row) for row in connection.execute(waiting.order_by(request.c.id))]


def answer(connection: Connection, id: int, text: str, *, refused: bool = False) -> None:
    """Answer a request and blank its argument. The last hundred stay for who still waits."""
    here = request.c.id == id
    connection.execute(update(request).where(here).values(answer=text, refused=refused, argument=""))
    connection.execute(delete(request).where(request.c.id <= id - _KEPT, request.c.answer.is_not(None)))


def wait_for_answer(
    engine: Engine, id: int, timeout: float, *, sleep: Callable[[float], None] = time.sleep
) -> Answer | None:
    """Look for the answer for about `timeout` seconds; None where none came. An engine that only reads disturbs nobody."""
    for _ in range(max(1, round(timeout / _INTERVAL_SECONDS))):
        with engine.connect() as connection:
            row = connection.execute(select(request.c.answer, request.c.refused).where(request.c.id == id)).one()
        if row.answer is not None:
            return Answer(row.answer, bool(row.refused))
        sleep(_INTERVAL_SECONDS)
    return None
