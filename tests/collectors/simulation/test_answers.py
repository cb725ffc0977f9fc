from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from collectors.simulation.answers import ANSWERS_DAYS, Given
from collectors.simulation.company import NEVER
from collectors.simulation.hours import day_of
from collectors.simulation.parameters import DAY
from collectors.simulation.plan import Message
from collectors.simulation.simulate import Simulated
from collectors.simulation.world import World
from tests.collectors.simulation.conftest import PARAMETERS
from tests.collectors.simulation.recount import Recount
from tests.collectors.simulation.truth_files import read_truth

WORLD = World(replace(PARAMETERS, people=3000))


@pytest.fixture(scope="module")
def given() -> list[tuple[Message, Given]]:
    first = day_of(WORLD.parameters.start_us)
    messages = [message for offset in range(29) for message in WORLD.messages(first + timedelta(days=offset))]
    return [(message, one) for message in messages for one in WORLD.answers(message, WORLD.acts(message))]


def questions_of(given: list[tuple[Message, Given]], kind: str) -> dict[str, Given]:
    return {one.question.id: one for message, one in given if message.template.name == kind and one.at.min() < NEVER}


def test_corrected_for_guessing_the_answers_give_the_knowledge_back(given: list[tuple[Message, Given]]) -> None:
    quiz = questions_of(given, "quiz")
    assert {len(one.question.options) for one in quiz.values()} == {2, 3, 4}
    for one in quiz.values():
        answered, newest = one.newest(NEVER)
        options = len(one.question.options)
        correct = float((newest[answered] == one.question.options.index(one.question.correct)).mean())
        assert answered.sum() > 500
        assert (correct - 1 / options) / (1 - 1 / options) == pytest.approx(one.question.knowledge, abs=0.08)


def test_ratings_fill_the_scale_around_their_mean(given: list[tuple[Message, Given]]) -> None:
    pulse = questions_of(given, "pulse")
    assert {"role", "recommend"} <= pulse.keys()
    for one in pulse.values():
        answered, newest = one.newest(NEVER)
        question = one.question
        assert newest[answered].min() >= question.lowest
        assert newest[answered].max() == question.highest
        assert float(newest[answered].mean()) == pytest.approx(
            question.mean, abs=0.05 * (question.highest - question.lowest)
        )


def test_who_changes_an_answer_does_so_later_and_within_the_window(given: list[tuple[Message, Given]]) -> None:
    changed = 0
    for message, one in given:
        again = one.changed_at < NEVER
        assert np.all(one.at[again] < one.changed_at[again])
        assert np.all(one.changed_at[again] < message.sent_at + ANSWERS_DAYS * DAY)
        assert not np.any(again & one.knew)
        changed += int(np.count_nonzero(one.changed_value[again] != one.value[again]))
    assert changed > 50


def test_a_pulse_asks_for_role_and_recommendation_every_month() -> None:
    first = day_of(WORLD.parameters.start_us)
    days = [first + timedelta(days=offset) for offset in range(365)]
    months = {
        (message.day.year, message.day.month)
        for day in days
        for message in WORLD.messages(day)
        if message.template.channel == "survey" and message.reminder_of is None
    }
    assert len(months) >= 11  # one in thirty is left out


def test_the_truth_of_questions_agrees_with_a_plain_recount(
    recount: Recount, company_folder: Path, simulated: Simulated
) -> None:
    entries, newest, compared = recount.entries(), recount.newest_answers(ANSWERS_DAYS), 0
    assert simulated.messages == len(read_truth(company_folder, "messages"))
    for message in read_truth(company_folder, "messages"):
        for question in message["questions"]:
            found = newest.get((message["message"], question["question"]), {})
            assert found.keys() <= recount.audience(entries[message["message"]]).keys()
            counts = question["segments"]["all"]
            assert counts["answered"] == len(found)
            if "values" in counts:
                assert counts["values"] == {str(int(value)): n for value, n in Counter(found.values()).items()}
            else:
                described = next(
                    one for one in entries[message["message"]]["questions"] if one["id"] == question["question"]
                )
                assert counts["correct"] == list(found.values()).count(described["correct"])
                assert counts["knew"] <= counts["correct"]
            compared += len(found)
    assert compared > 300
