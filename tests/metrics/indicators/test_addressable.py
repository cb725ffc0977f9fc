"""Who can be got to at all, worked by hand."""

from metrics.indicators.addressable import INDICATOR
from metrics.reading import State
from tests.metrics.indicators.scene import Scene, states

EVERYBODY = ("anna", "ben", "cleo", "dora", "eve")


def test_whoever_it_was_delivered_to_or_who_met_it_has_a_channel_that_works() -> None:
    scene = Scene(EVERYBODY)
    scene.did("delivered", "anna", "ben")
    scene.did("bounced", "ben", hours=2)
    scene.did("viewed", "cleo")
    scene.did("opened", "dora", machine="yes")
    assert states(INDICATOR, scene.view()) == [State.H, State.NOT, State.H, State.P, State.NOT]


def test_where_no_deliveries_show_nobody_can_tell_of_those_who_did_not_meet_it() -> None:
    scene = Scene(EVERYBODY, shows=frozenset({"viewed"}))
    scene.did("viewed", "cleo")
    scene.did("clicked", "dora", machine="likely")
    assert states(INDICATOR, scene.view()) == [State.U, State.U, State.H, State.S_LIKELY, State.U]
