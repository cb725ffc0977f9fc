"""What messages want done: who was held out of them, and who did it. Pooling, and the difference between both, is left to `effects`."""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.oracle.acts import Record, State, acts_of, join
from tests.oracle.cases import Case, Named, Shows
from tests.oracle.catalogue import Message, canonical
from tests.oracle.directory import Directory, Row
from tests.oracle.evidence import EXPOSURE, best
from tests.oracle.machines import judge_together
from tests.oracle.raw import RawEvent
from tests.oracle.windows import slot_of


@dataclass(frozen=True)
class Deed:
    """`kinds`: what anybody at all is named with under its references; `audience` and `holdout`: what each of them is on record for."""

    kinds: frozenset[str]
    audience: Case
    holdout: Case | None


Draw = Callable[[str, str], float]
"""From a message's id and the name somebody is known by to a number from 0 to 1."""


def drawer(key: bytes) -> Draw:
    """As the manual has it (`docs/decisions/0011-purpose.md`)."""
    own = hmac.new(key, b"EARSHOT HOLDOUT", hashlib.sha256).digest()

    def draw(message: str, name: str) -> float:
        of_message = hmac.new(own, message.encode(), hashlib.sha256).digest()
        found = hmac.new(of_message, bytes.fromhex(name), hashlib.sha256).hexdigest()
        return int(found[:16], 16) / 16**16

    return draw


def hold_out(message: Message, meant: Mapping[int, Row], directory: Directory, draw: Draw) -> dict[int, Row]:
    """Those whom the message was kept from on purpose; `meant`: whom its audience names, these or not."""
    match message.holdout:
        case None:
            return {}
        case float(share):
            names = {person: directory.first_name(person) for person in meant}
            return {person: row for person, row in meant.items() if draw(message.id, names[person]) < share}
        case _:
            if not isinstance(message.audience, Mapping):
                return {person: row for person, row in meant.items() if _has(row, message.holdout)}
            others = {name: value for name, value in message.audience.items() if name not in message.holdout}
            everybody = directory.at(message.sent_us).items()
            return {person: row for person, row in everybody if _has(row, message.holdout) and _has(row, others)}


def _has(row: Row, condition: Mapping[str, object]) -> bool:
    """Whether somebody has one of the values named, of everything named."""
    for attribute, value in condition.items():
        wanted = {str(one).strip() for one in value} if isinstance(value, list) else {str(value).strip()}
        mine = set(row.groups) if attribute == "group" else {row.attributes.get(attribute, "")}
        if not mine & wanted:
            return False
    return True


def gather_kinds(events: Iterable[RawEvent]) -> dict[str, set[str]]:
    """Canonical reference to the kinds of all acts that anybody is named with."""
    kinds: dict[str, set[str]] = {}
    for event in events:
        if event.person is not None and event.reference:
            kinds.setdefault(canonical(event.reference), set()).update(act.kind for act in acts_of(event))
    return kinds


def find_deed(
    case: Case,
    held: Mapping[int, Row],
    messages: Sequence[Message],
    records: Mapping[str, Record],
    kinds: Mapping[str, set[str]],
) -> Deed | None:
    """What the message of a case wants done, under every reference it may be on record with."""
    message = case.message
    if message.action is None:
        return None
    named = {message.action, canonical(message.action)}
    pages = [page for page in messages if page.references & named]
    references = sorted(named.union(*(page.references for page in pages)))
    record = join(records[reference] for reference in references if reference in records)
    links = pages[0].links if pages else None

    def of(people: Mapping[int, Row], named: Named) -> Case:
        bare = replace(message, channel="")
        return Case(bare, people, judge_together(record, people, links), case.sender, named)

    known = frozenset().union(*(kinds.get(reference, ()) for reference in references))
    holdout = None if message.holdout is None else of(held, case.named)
    return Deed(known, of(case.audience, case.named), holdout)


def acted(deed: Deed, case: Case, shows: Shows, person: int, deadline: int) -> State:
    """How somebody of the audience or the holdout (`case`) stands: only what came after the sending counts, and never the sender's."""
    kinds = deed.kinds & EXPOSURE
    if not kinds:
        return State.UNSEEN
    begins = slot_of(case.message.sent_us)
    acts = [act for act in case.seen(person) if act.slot is None or act.slot >= begins]
    found = State.NOT if person == case.sender else best(acts, EXPOSURE, deadline)
    if found is not State.NOT or shows.is_visible(case, case.audience[person], kinds, deadline, anywhere=True):
        return found
    return State.UNSEEN
