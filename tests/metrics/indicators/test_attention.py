"""How much of a message people took in, worked by hand: 240 words at 240 a minute are 60 seconds."""

from metrics.indicators.attention import INDICATOR
from metrics.reading import State
from tests.metrics.indicators.scene import Scene, states, sums

EVERYBODY = ("anna", "ben", "cleo", "dora", "eve", "fay")


def test_attention_is_the_share_of_the_expected_time() -> None:
    scene = Scene(EVERYBODY[:4], entry={"words": 240})
    scene.did("delivered", *EVERYBODY[:4])
    scene.did("engaged", "anna", seconds="90")
    scene.did("engaged", "ben", seconds="20")
    scene.did("engaged", "cleo", seconds="2")
    view = scene.view()
    # Cleo did not even skim it, Dora never came: neither is a reader.
    assert states(INDICATOR, view) == [State.H, State.H, State.OUT, State.OUT]
    assert sums(INDICATOR, view)[:2] == [[1, 10_000], [1, 3_333]]


def test_slots_of_attention_are_ten_seconds_each() -> None:
    scene = Scene(("anna",), entry={"words": 240})
    scene.did("delivered", "anna")
    for minutes in (1, 2, 2, 3):
        scene.did("attended", "anna", hours=minutes / 60)
    assert sums(INDICATOR, scene.view()) == [[1, 5_000]]


def test_who_may_have_given_it_attention_unseen_widens_the_range() -> None:
    scene = Scene((*EVERYBODY[:3], "dora", "eve"), entry={"words": 240})
    scene.did("delivered", *EVERYBODY[:4])
    scene.did("engaged", "anna", seconds="30", hours=None)
    scene.did("engaged", "ben", seconds="30", machine="yes")
    scene.did("read", "cleo")
    scene.did("engaged", "eve", seconds="30")
    # Cleo's receipt says nothing of how long; Eve was not delivered to.
    assert states(INDICATOR, scene.view()) == [State.P, State.P, State.OUT, State.OUT, State.OUT]
    nothing_shown = Scene(("anna",), shows=frozenset({"viewed"}), entry={"words": 240})
    assert states(INDICATOR, nothing_shown.view()) == [State.U]


def test_across_a_campaign_the_most_that_any_message_got_counts() -> None:
    first, second = (Scene(("anna", "ben"), entry={"words": words}) for words in (240, 480))
    for scene in (first, second):
        scene.did("delivered", "anna", "ben")
        scene.did("engaged", "anna", seconds="30")
    second.did("engaged", "ben", seconds="60")
    assert sums(INDICATOR, first.view(), second.view()) == [[1, 5_000], [1, 5_000]]


def test_without_a_length_there_is_no_attention() -> None:
    scene = Scene(("anna",))
    assert [INDICATOR.applies(scene.view(**entry)) for entry in ({}, {"words": 0}, {"words": 9})] == [
        False,
        False,
        True,
    ]
