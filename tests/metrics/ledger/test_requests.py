"""Requests of a command to the running service."""

import threading

import pytest
from sqlalchemy import Engine, func, select

from metrics.ledger.database import open_readonly
from metrics.ledger.requests import Answer, Request, answer, leave, take, wait_for_answer
from metrics.ledger.tables import request


def test_a_request_waits_until_it_is_answered(engine: Engine) -> None:
    first, second = leave(engine, "resume", "mail"), leave(engine, "forget", "ab" * 32)
    with engine.begin() as connection:
        assert (
            take(connection)
            == take(connection)
            == [Request(first, "resume", "mail"), Request(second, "forget", "ab" * 32)]
        )
        answer(connection, first, "mail goes on")
        assert [each.id for each in take(connection)] == [second]
    assert wait_for_answer(engine, first, timeout=1) == Answer("mail goes on", refused=False)


def test_a_refusal_is_told_from_success(engine: Engine) -> None:
    id = leave(engine, "resume", "mall")
    with engine.begin() as connection:
        answer(connection, id, "there is no source `mall`", refused=True)
    assert wait_for_answer(engine, id, timeout=1) == Answer("there is no source `mall`", refused=True)


def test_waiting_ends_without_an_answer(engine: Engine) -> None:
    slept: list[float] = []
    assert wait_for_answer(engine, leave(engine, "resume", "mail"), timeout=3, sleep=slept.append) is None
    assert sum(slept) == pytest.approx(3)


def test_an_answer_is_found_while_waiting(engine: Engine, url: str) -> None:
    id = leave(engine, "resume", "mail")
    readonly = open_readonly(url)

    def serve() -> None:
        with engine.begin() as connection:
            answer(connection, id, "mail goes on")

    service = threading.Timer(0.2, serve)
    service.start()
    assert wait_for_answer(readonly, id, timeout=20) == Answer("mail goes on", refused=False)
    service.join()
    readonly.dispose()


def test_the_argument_is_blanked_with_the_answer(engine: Engine) -> None:
    id = leave(engine, "forget", "ab" * 32)
    with engine.begin() as connection:
        answer(connection, id, "forgotten")
        assert connection.execute(select(request.c.argument)).scalars().all() == [""]


def test_old_answers_go_and_old_requests_stay(engine: Engine) -> None:
    unanswered = leave(engine, "replay", "")
    with engine.begin() as connection:
        for _ in range(150):
            connection.execute(request.insert().values(kind="resume", argument="mail"))
        for each in take(connection):
            if each.id != unanswered:
                answer(connection, each.id, "done")
        assert connection.execute(select(func.count()).select_from(request)).scalar_one() == 101
        assert [each.id for each in take(connection)] == [unanswered]
