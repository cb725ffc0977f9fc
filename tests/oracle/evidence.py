"""What acts make of a person by a deadline: the best evidence of some kinds, engaged seconds, acknowledgements, deliveries.

Which acts may be looked at is left to `cases`, which of them an indicator asks for to `states`.
"""

from collections.abc import Iterable, Sequence

from tests.oracle.acts import Act, State
from tests.oracle.catalogue import Message

OPENINGS = frozenset({"opened", "viewed", "read"})
RESPONSES = frozenset({"replied", "commented", "reacted", "answered", "rated"})
EXPOSURE = OPENINGS | RESPONSES | {"clicked", "attended", "downloaded", "shared", "acknowledged"}
TRANSPORT = frozenset({"queued", "sent", "delivered", "deferred", "bounced", "rejected"})
PROOFS_OF_READING = frozenset({"acknowledged", "answered", "read", "replied"})


def is_inside(act: Act, deadline: int) -> bool:
    return act.slot is not None and act.slot < deadline


def _stands(act: Act, deadline: int) -> State:
    """What one act makes of a person: an act at an unknown time leaves it open."""
    if act.slot is None:
        return State.PROXY
    return act.tells if act.slot < deadline else State.NOT


def best(acts: Iterable[Act], kinds: frozenset[str], deadline: int) -> State:
    return min((_stands(act, deadline) for act in acts if act.kind in kinds), default=State.NOT)


def response(acts: Iterable[Act], kinds: frozenset[str], deadline: int) -> State:
    """As `best`, without what was taken back."""
    return best([act for act in acts if not act.taken_back], kinds, deadline)


def last_delivery(acts: Iterable[Act], deadline: int) -> int | None:
    """The slot of the last delivery in time, None where there is none or a bounce in that slot or later."""
    slots: dict[str, list[int]] = {"delivered": [], "bounced": []}
    for act in acts:
        if act.kind in slots and act.slot is not None and act.slot < deadline:
            slots[act.kind].append(act.slot)
    delivered = max(slots["delivered"], default=None)
    return None if delivered is None or max(slots["bounced"], default=-1) >= delivered else delivered


def acknowledged(message: Message, acts: Iterable[Act], deadline: int) -> State:
    found = State.NOT
    for act in acts:
        if act.kind != "acknowledged" or (message.version and act.version not in (None, message.version)):
            continue
        state = _stands(act, deadline)
        # Of which version it was, nobody knows.
        if state is State.HUMAN and message.version and act.version is None:
            state = State.PROXY
        found = min(found, state)
    return found


def engaged_seconds(acts: Iterable[Act], deadline: int) -> int:
    """How long a human was engaged: the most that a source reported, or ten seconds for each in which they were attentive."""
    counted = [act for act in acts if act.tells is State.HUMAN and is_inside(act, deadline)]
    reported = max((act.seconds for act in counted if act.kind == "engaged"), default=0)
    return max(reported, 10 * len({act.tick for act in counted if act.kind == "attended"}))


def read(threshold: float | None, acts: Sequence[Act], deadline: int) -> State:
    """`threshold`: the seconds that make a reader, None where nobody knows how long the message is."""
    proof, engaged = best(acts, PROOFS_OF_READING, deadline), engaged_seconds(acts, deadline)
    if threshold is None:
        return min(proof, State.PROXY) if engaged >= 3 else proof
    return State.HUMAN if engaged >= threshold else proof
