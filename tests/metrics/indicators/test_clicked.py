"""Who followed a link, worked by hand."""

from metrics.indicators.clicked import INDICATOR
from metrics.reading import State
from tests.metrics.indicators.scene import Scene, states


def test_people_it_was_delivered_to_are_asked_whether_they_followed_a_link() -> None:
    scene = Scene(("anna", "ben", "cleo", "dora", "eve"))
    scene.did("delivered", "anna", "ben", "cleo", "dora")
    scene.did("clicked", "anna", "eve", link="https://intranet.example.org/a")
    scene.did("clicked", "ben", machine="yes")
    scene.did("clicked", "cleo", hours=None)
    found = states(INDICATOR, scene.view(links=1))
    assert found == [State.H, State.S, State.P, State.NOT, State.OUT]


def test_a_message_without_links_has_no_clicks_to_ask_for() -> None:
    scene = Scene(("anna",))
    assert [INDICATOR.applies(scene.view(**entry)) for entry in ({}, {"links": 0}, {"links": 2})] == [
        False,
        False,
        True,
    ]
