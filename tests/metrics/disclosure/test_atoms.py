"""Which atoms are never more than which others: only what does not follow anyway is looked at."""

import random

from metrics.disclosing.atoms import without_spare

Pairs = set[tuple[int, int]]


def closed(pairs: Pairs) -> Pairs:
    """With all that follows from them."""
    found = set(pairs)
    while more := {(a, d) for a, b in found for c, d in found if b == c and a != d} - found:
        found |= more
    return found


def test_an_order_that_follows_from_two_others_is_spare() -> None:
    assert without_spare([(0, 1), (0, 2), (1, 2)]) == [(0, 1), (1, 2)]
    assert without_spare([(0, 2), (1, 2)]) == [(0, 2), (1, 2)]


def test_what_is_left_says_all_that_was_said_also_of_atoms_that_are_alike() -> None:
    dice = random.Random(0)
    spared = 0
    for _ in range(200):
        # Where two count the same people, each is never more than the other.
        pairs = closed({(a, b) for a, b in (dice.sample(range(7), 2) for _ in range(dice.randint(1, 9)))})
        kept = without_spare(sorted(pairs))
        assert closed(set(kept)) == pairs
        spared += len(pairs) - len(kept)
    assert spared > 200
