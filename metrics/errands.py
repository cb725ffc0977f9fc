"""What people ask of the one who writes: forget a person, let a source go on, try the dead letters again. Asked through the database,
since only one may write; done here, by whoever holds the lock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collectors.events import KILLS, Collected, Event, Published
from metrics.forget import Eraser
from metrics.ledger import requests
from metrics.ledger.attempts import Attempts
from metrics.ledger.database import Engine
from metrics.ledger.letters import Letter, list_letters, read_letters
from metrics.ledger.source_state import resume
from metrics.ledger.writer import Writer

ReadAgain = Callable[[bytes, dict[str, str] | None, int | None], tuple[list[Event], list[Published]] | None]
"""A letter's body, headers and time of receipt to what it holds; None where that is still not understood."""

_LETTERS_AT_ONCE = 500


@dataclass(frozen=True)
class Done:
    """The answer people read; `refused` where what was asked makes no sense."""

    text: str
    refused: bool = False


class Errands:
    """`read_again`: by source. `resumed` and `forgot` are told what happened, so that the running parts take notice."""

    def __init__(
        self,
        engine: Engine,
        *,
        eraser: Eraser,
        writer: Writer,
        read_again: Mapping[str, ReadAgain],
        resumed: Callable[[str], None],
        forgot: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._eraser = eraser
        self._writer = writer
        self._read_again = read_again
        self._resumed = resumed
        self._forgot = forgot

    def answer_waiting(self) -> int:
        """Do what commands have asked for; how many there were."""
        with self._engine.begin() as connection:
            waiting = requests.take(connection)
        for request in waiting:
            done = self.do(request.kind, request.argument)
            with self._engine.begin() as connection:
                requests.answer(connection, request.id, done.text, refused=done.refused)
        return len(waiting)

    def do(self, kind: str, argument: str) -> Done:
        """`forget` with a pseudonym, `resume` with a source, `replay` with a source or ""."""
        if kind == "forget":
            text = self._eraser.forget(argument)
            self._writer.forget_numbers()
            self._forgot()
            return Done(text)
        if argument and argument not in self._read_again:
            return Done(f"no source is called {argument}: they are {', '.join(sorted(self._read_again))}", refused=True)
        return self._resume(argument) if kind == "resume" else self._replay(argument or None)

    def _resume(self, source: str) -> Done:
        with self._engine.begin() as connection:
            paused = resume(connection, source)
        if not paused:
            return Done(f"{source} was not paused.")
        self._resumed(source)
        return Done(f"{source} goes on.")

    def _replay(self, source: str | None) -> Done:
        with self._engine.connect() as connection:
            letters = [letter for letter in list_letters(connection, source) if letter.source in self._read_again]
        deadly = [letter for letter in letters if letter.reason == KILLS]
        others = [letter for letter in letters if letter.reason != KILLS]
        recorded = 0
        for start in range(0, len(others), _LETTERS_AT_ONCE):
            recorded += self._replay_some(others[start : start + _LETTERS_AT_ONCE])
        recorded += sum(map(self._replay_deadly, deadly))
        for letter in deadly:
            self._tries(letter).end(_place(letter))
        return Done(f"{len(letters):,} dead letters: {recorded:,} are understood now and recorded, the others stay.")

    def _replay_deadly(self, letter: Letter) -> int:
        """One that has ended processes is tried by itself, and noted before: where it ends this one too, the next leaves it alone when it
        takes up the same request."""
        tries = self._tries(letter)
        if tries.look(_place(letter), letter.offset):
            return 0
        tries.begin(_place(letter), letter.offset)
        return self._replay_some([letter])

    def _tries(self, letter: Letter) -> Attempts:
        return Attempts(self._engine, f"replay of {letter.source} at {letter.offset}")

    def _replay_some(self, letters: list[Letter]) -> int:
        understood: dict[str, tuple[Collected, list[int]]] = {}
        with self._engine.connect() as connection:
            # One after the other: a body may have a megabyte.
            for letter in read_letters(connection, [letter.id for letter in letters], unseal=self._eraser.unseal):
                if letter.content is None:
                    continue
                held = self._read_again[letter.source](letter.content.body, letter.content.headers, letter.received_at)
                if held is None:
                    continue
                collected, ids = understood.setdefault(letter.source, (Collected(letter.source, [], []), []))
                collected.events = [*collected.events, *held[0]]
                collected.published = [*collected.published, *held[1]]
                ids.append(letter.id)
        for collected, ids in understood.values():
            self._writer.record(collected, replacing=ids)
        return sum(len(ids) for _, ids in understood.values())


def _place(letter: Letter) -> tuple[str, int]:
    return (letter.stream, letter.partition)


def ask(engine: Engine, kind: str, argument: str, *, patience_seconds: float) -> Done | None:
    """Leave a request to the running service and wait for its answer; None where none came in time."""
    answer = requests.wait_for_answer(engine, requests.leave(engine, kind, argument), patience_seconds)
    return None if answer is None else Done(answer.text, answer.refused)
