"""Values judged together become what each becomes by itself."""

from collectors.column import Odd, each
from collectors.events import Undecodable


def shout(word: str) -> str:
    if word == "bad":
        raise Undecodable("bad_text", "a word that is bad")
    return word.upper()


def test_what_is_known_is_not_judged_again_and_comes_to_the_same() -> None:
    column = ["a", None, "b", "bad", "", "a", "c"]
    judged: list[str] = []

    def judge(word: str) -> str:
        judged.append(word)
        return shout(word)

    odd: Odd = set()
    assert each(column, judge, odd, {"a": "A", "c": "C", "d": "D"}) == ["A", None, "B", None, "", "A", "C"]
    assert (odd, sorted(judged)) == ({3}, ["", "b", "bad"])
    assert each(column, shout, set()) == each(column, shout, set(), {"a": "A"})


def test_where_everything_is_known_nothing_is_judged() -> None:
    odd: Odd = set()
    assert each(["a", "b", "a"], lambda _: 1 / 0, odd, {"a": "A", "b": "B"}) == ["A", "B", "A"]
    assert not odd
