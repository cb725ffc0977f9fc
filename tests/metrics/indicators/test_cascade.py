"""Chains of managers, worked by hand."""

from itertools import pairwise

import pytest

from metrics.indicators.cascade import INDICATOR
from metrics.ledger.directory_store import DirectoryRow
from metrics.reading import State
from tests.metrics.indicators.scene import Scene, named, states
from tests.metrics.test_people import row

# Board at the top, two heads below, a team each.
TREE = (row("board"), row("head", manager="board"), row("other", manager="board"))
TEAM = (row("anna", manager="head"), row("ben", manager="other"))


def briefing(*rows: DirectoryRow) -> Scene:
    return Scene((*TREE, *rows), entry={"expects": ["acknowledge"]})


def test_everybody_stands_as_the_worst_of_those_above_them() -> None:
    scene = briefing(*TEAM)
    scene.did("acknowledged", "board", "head")
    # Nobody is above the board; nobody but the board above the heads; Ben's head did not confirm.
    assert states(INDICATOR, scene.view()) == [State.H, State.H, State.H, State.H, State.NOT]


def test_nothing_gets_past_somebody_at_the_top_who_did_not_confirm() -> None:
    scene = briefing(*TEAM)
    scene.did("acknowledged", "head", "other", "anna", "ben")
    scene.did("acknowledged", "board", hours=73)
    assert states(INDICATOR, scene.view()) == [State.H, *[State.NOT] * 4]


def test_whoever_sent_it_knows_it() -> None:
    scene = briefing(*TEAM)
    scene.did("acknowledged", "head")
    found = states(INDICATOR, scene.view(sender=named("board")))
    assert found == [State.H, State.H, State.H, State.H, State.NOT]


def test_managers_count_whether_the_message_was_meant_for_them_or_not() -> None:
    scene = briefing(*TEAM)
    scene.did("acknowledged", "board", "head")
    assert states(INDICATOR, scene.view(audience=[named("anna"), named("ben")])) == [State.H, State.NOT]


def test_evidence_short_of_certain_goes_down_the_line() -> None:
    scene = briefing(*TEAM)
    scene.did("acknowledged", "board", "head", version="2")
    scene.did("acknowledged", "other")
    scene.did("acknowledged", "other", version="1")
    # Which version the other head meant nobody knows, and that it was once the first one does not help.
    assert states(INDICATOR, scene.view(version="2")) == [State.H, State.H, State.H, State.H, State.P]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param((row("eve", manager="nobody we know"),), id="a manager whom the directory does not know"),
        pytest.param((row("eve", manager="eve"),), id="one's own manager"),
        pytest.param((row("eve", manager="fay"), row("fay", manager="gus"), row("gus", manager="fay")), id="a circle"),
    ],
)
def test_a_chain_that_leads_nowhere_tells_nothing(rows: tuple[DirectoryRow, ...]) -> None:
    scene = briefing(*rows)
    scene.did("acknowledged", "board")
    assert states(INDICATOR, scene.view())[:4] == [State.H, State.H, State.H, State.U]


def test_where_no_source_shows_acknowledgements_nobody_can_tell_of_those_with_a_manager() -> None:
    scene = Scene((*TREE, *TEAM), shows=frozenset({"viewed"}), entry={"expects": ["acknowledge"]})
    assert states(INDICATOR, scene.view()) == [State.H, *[State.U] * 4]


def test_a_chain_of_hundreds_is_followed_to_its_top() -> None:
    names = [f"p{number:03}" for number in range(300)]
    rows = [row(names[0]), *(row(name, manager=above) for above, name in pairwise(names))]
    scene = Scene(tuple(rows))
    scene.did("acknowledged", *names[1:])
    assert states(INDICATOR, scene.view())[-1] == State.NOT
    scene.did("acknowledged", names[0])
    assert states(INDICATOR, scene.view())[-1] == State.H
