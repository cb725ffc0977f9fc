"""A holdout that is a share: the same people for everybody who has the key, and nobody's guess without it."""

from hashlib import sha256

import numpy as np

from metrics.draw import drawer

DRAW = drawer(b"a key")
PEOPLE = [sha256(f"p{number}".encode()).digest() for number in range(4000)]


def test_who_is_drawn_depends_on_nothing_but_the_message_and_the_person() -> None:
    alone = [float(DRAW("m", person)[0]) for person in PEOPLE[:50]]
    assert DRAW("m", b"".join(PEOPLE[:50])).tolist() == alone
    assert drawer(b"a key")("m", b"".join(reversed(PEOPLE[:50]))).tolist() == alone[::-1]


def test_of_many_people_the_share_is_drawn() -> None:
    drawn = DRAW("m", b"".join(PEOPLE))
    assert drawn.min() >= 0
    assert drawn.max() < 1
    # Five standard deviations of a draw of 4,000.
    for share in (0.05, 0.3, 0.5):
        assert abs((drawn < share).mean() - share) < 5 * (share * (1 - share) / 4000) ** 0.5


def test_another_message_or_another_key_draws_other_people() -> None:
    everybody = b"".join(PEOPLE)
    first = DRAW("m", everybody)
    for other in (DRAW("n", everybody), drawer(b"another key")("m", everybody)):
        assert abs(np.corrcoef(first, other)[0, 1]) < 5 / 4000**0.5


def test_nobody_to_draw_from_draws_nobody() -> None:
    assert DRAW("m", b"").tolist() == []
