"""What is recorded in the mode `cells`: of every recipient a token that belongs to one message, and the cell they stand in. What can be
told of them is left to `metrics.tokens`."""

import hashlib
from collections.abc import Mapping
from urllib.parse import quote_plus

import msgspec

from collectors.events import Collected, Event
from metrics.facts import Facts, Key
from metrics.ledger.without_people import without_names

CellOf = Mapping[str, str]
"""From tokens, as they are recorded, to cells."""


def as_tokens(collected: Collected) -> Collected:
    """Its persons as tokens that are worth nothing beside another message, even where a source uses one twice or sends who it is; what is
    about no message has nobody. Its events are changed in place."""
    for event in collected.events:
        event.person = _token(event)
        # Rows of answers keep it, and a source may have made it of the token.
        event.id = None if event.id is None else hashlib.sha256(event.id.encode()).hexdigest()
    return without_names(collected)


def _token(event: Event) -> str | None:
    # Who raises feedback says so in no message's name.
    if event.person is None or event.message is None or event.action == "raised":
        return None
    return hashlib.sha256(f"{event.message}\n{event.person}".encode()).hexdigest()


def cells_of(collected: Collected) -> CellOf:
    """The cell of every token that came with one; of several the first by name, so that it does not matter which events come together. What
    leaves no fact says nothing of cells, which are kept with facts."""
    found: dict[str, str] = {}
    for event in collected.events:
        leaves_none = event.action == "unreacted" and event.engaged_seconds is None
        if event.person is not None and event.cell and not leaves_none:
            found[event.person] = min(found.get(event.person, event.cell), event.cell)
    return found


def with_cells(facts: Facts, cell_of: CellOf) -> Facts:
    """Its sets, each cut by the cells of those in it: a detail says which."""
    sets: dict[Key, tuple[list[int], list[str]]] = {}
    for key, (slots, persons) in facts.sets.items():
        for slot, person in zip(slots, persons, strict=True):
            cell = cell_of.get(person)
            detail = key.detail if cell is None else _with(key.detail, cell)
            own = sets.setdefault(key._replace(detail=detail), ([], []))
            own[0].append(slot)
            own[1].append(person)
    return msgspec.structs.replace(facts, sets=sets)


def _with(detail: str, cell: str) -> str:
    written = f"cell={quote_plus(cell)}"
    return f"{detail}&{written}" if detail else written
