"""Quizzes, worked by hand."""

from metrics.indicators.comprehension import INDICATOR
from metrics.reading import State
from tests.metrics.indicators.scene import Scene, states, sums

QUIZ = {
    "questions": [
        {"id": "exit", "options": ["a", "b", "c", "d"], "correct": "b"},
        {"id": "alarm", "options": ["yes", "no"], "correct": "no"},
        {"id": "mood", "lowest": 1, "highest": 5},
    ]
}


def test_a_wrong_answer_takes_off_what_guessing_would_have_given() -> None:
    scene = Scene(("anna", "ben", "cleo", "dora"), entry=QUIZ)
    scene.answered("anna", "exit", "b")
    scene.answered("anna", "alarm", "no")
    scene.answered("ben", "exit", "c")
    scene.answered("cleo", "alarm", "yes")
    scene.answered("dora", "mood", value=4)
    view = scene.view()
    # Of four options a third is taken off, of two as much as a right answer gives: who guesses comes to nothing.
    assert sums(INDICATOR, view) == [[2, 20_000], [1, -3_333], [1, -10_000], [0, 0]]
    assert states(INDICATOR, view) == [State.H, State.H, State.H, State.OUT]


def test_the_newest_answer_counts_and_one_changed_too_late_is_none() -> None:
    scene = Scene(("anna", "ben"), entry=QUIZ)
    scene.answered("anna", "exit", "a", hours=1)
    scene.answered("anna", "exit", "b", hours=2)
    scene.answered("ben", "exit", "b", hours=1)
    scene.answered("ben", "exit", "a", hours=8 * 24)
    assert sums(INDICATOR, scene.view()) == [[1, 10_000], [0, 0]]


def test_across_a_campaign_each_question_counts_once_by_the_newest_answer() -> None:
    first, reminder = Scene(("anna", "ben"), entry=QUIZ), Scene(("anna", "ben"), entry=QUIZ)
    first.answered("anna", "exit", "a", hours=1)
    first.answered("ben", "exit", "b", hours=1)
    reminder.answered("anna", "exit", "b", hours=2)
    reminder.answered("ben", "alarm", "no", hours=2)
    assert sums(INDICATOR, first.view(), reminder.view()) == [[1, 10_000], [2, 20_000]]


def test_only_messages_with_a_quiz_are_asked_about() -> None:
    scene = Scene(("anna",))
    assert not INDICATOR.applies(scene.view(questions=[{"id": "mood", "lowest": 1, "highest": 5}]))
    assert INDICATOR.applies(scene.view(**QUIZ))
