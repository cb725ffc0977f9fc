"""How hard messages are beside each other, worked by hand."""

from metrics.entries import read_entry
from metrics.messages import Message
from metrics.ranks import rank_by_lix


def sent(id: str, hour: int, lix: float | None, language: str | None = "en") -> Message:
    return read_entry({"id": id, "sent_at": f"2026-03-02T{hour:02}:00:00Z", "lix": lix, "language": language})


def test_a_message_is_ranked_among_those_of_its_language_sent_up_to_then() -> None:
    messages = [
        sent("later", 12, 1),
        sent("b", 10, 50),
        sent("a", 9, 40),
        sent("french", 9, 10, "fr"),
        sent("c", 11, 40),
    ]
    # "c" is as hard as one of two; the last is easier than all; the first of a language has nothing beside it.
    assert rank_by_lix(messages) == {"b": 10_000, "c": 2_500, "later": 0}


def test_messages_sent_together_are_ranked_among_each_other() -> None:
    together = [sent("a", 9, 30), sent("b", 9, 50), sent("c", 9, 50)]
    assert rank_by_lix(together) == {"a": 0, "b": 7_500, "c": 7_500}


def test_without_a_lix_or_a_time_there_is_no_rank() -> None:
    unsent = read_entry({"id": "draft", "lix": 30, "language": "en"})
    assert rank_by_lix([sent("a", 9, 30), sent("b", 10, None), unsent]) == {}


def test_messages_whose_language_nobody_gave_are_ranked_together() -> None:
    assert rank_by_lix([sent("a", 9, 30, None), sent("b", 10, 20, None)]) == {"b": 0}
