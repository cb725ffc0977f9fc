"""What is recorded in the mode `cells`: of every recipient a token that belongs to one message, and the cell they stand in. What can be
told of them is left to `metrics.tokens`."""

import hashlib
from collections.abc import Mapping
from urllib.parse import quote_plus

import msgspec

from collectors.events import Collected, Events
from metrics.facts import Facts, Key
from metrics.ledger.without_people import without_names

CellOf = Mapping[str, str]
"""From tokens, as they are recorded, to cells."""


def as_tokens(collected: Collected) -> Collected:
    """Its persons as tokens that are worth nothing beside another message, even where a source uses one twice or sends who it is; what is
    about no message has nobody."""
    events = Events.of(collected.events)
    columns = events.columns
    # Rows of answers keep the id, and a source may have made it of the token.
    ids = [None if id_ is None else hashlib.sha256(id_.encode()).hexdigest() for id_ in columns["id"]]
    tokens = list(map(_token, columns["action"], columns["message"], columns["person"]))
    return without_names(msgspec.structs.replace(collected, events=events.but_for(person=tokens, id=ids)))


def _token(action: str, message: str | None, person: str | None) -> str | None:
    # Who raises feedback says so in no message's name.
    if person is None or message is None or action == "raised":
        return None
    return hashlib.sha256(f"{message}\n{person}".encode()).hexdigest()


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
