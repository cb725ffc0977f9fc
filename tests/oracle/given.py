"""The answers people gave to questions. What they are worth is left to `means` and `marks`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tests.oracle.catalogue import canonical
from tests.oracle.raw import RawEvent
from tests.oracle.windows import slot_of


@dataclass(frozen=True)
class Given:
    """One person's answer to one question of one message; the latest by `order` stands."""

    order: tuple[int, str]
    question: str
    action: str
    choice: str
    value: float | None
    moment_us: int | None

    def is_inside(self, deadline: int) -> bool:
        """Whether it was given before the deadline; at an unknown time it counts."""
        return self.moment_us is None or slot_of(self.moment_us) < deadline


ByPerson = Mapping[int, list[Given]]


def gather_given(events: Iterable[RawEvent], person_of: Callable[[str], int | None]) -> dict[str, ByPerson]:
    """Canonical reference to everything answered under it, by person."""
    given: dict[str, dict[int, list[Given]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        person = person_of(event.person) if event.person else None
        if event.action not in ("answered", "rated") or event.item or person is None or not event.reference:
            continue
        moment = event.occurred_us if event.occurred_us is not None else event.received_us
        given[canonical(event.reference)][person].append(
            Given((moment or 0, event.id), event.question, event.action, event.choice, event.value, moment)
        )
    return {reference: dict(people) for reference, people in given.items()}


def join_given(parts: Iterable[ByPerson]) -> dict[int, dict[str, Given]]:
    """What each person said under all references of a message: the newest answer to each question."""
    newest: dict[int, dict[str, Given]] = defaultdict(dict)
    for part in parts:
        for person, answers in part.items():
            for one in answers:
                known = newest[person].get(one.question)
                if known is None or known.order < one.order:
                    newest[person][one.question] = one
    return dict(newest)
