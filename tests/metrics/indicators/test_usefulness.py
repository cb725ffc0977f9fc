"""Ratings, worked by hand."""

from metrics.indicators.usefulness import INDICATOR
from metrics.reading import State
from tests.metrics.indicators.scene import Scene, states, sums

SCALES = {"questions": [{"id": "useful", "lowest": 0, "highest": 10}, {"id": "clear", "lowest": 1, "highest": 4}]}


def test_a_rating_counts_by_how_far_up_its_scale_it_is() -> None:
    scene = Scene(("anna", "ben", "cleo", "dora"), entry=SCALES)
    scene.answered("anna", "useful", value=7)
    scene.answered("ben", "clear", value=2)
    scene.answered("cleo", "", value=4)  # on no scale that anybody described: 1 to 5
    scene.answered("dora", "useful", "very")
    view = scene.view()
    assert sums(INDICATOR, view) == [[1, 7_000], [1, 3_333], [1, 7_500], [0, 0]]
    assert states(INDICATOR, view) == [State.H, State.H, State.H, State.OUT]


def test_who_gives_several_ratings_is_one_person_with_their_mean() -> None:
    scene = Scene(("anna",), entry=SCALES)
    scene.answered("anna", "useful", value=10)
    scene.answered("anna", "clear", value=1)
    assert sums(INDICATOR, scene.view()) == [[1, 5_000]]


def test_whether_people_recommend_us_is_no_rating_of_the_message() -> None:
    scene = Scene(("anna",), entry=SCALES, apart=frozenset({"recommend"}))
    scene.answered("anna", "recommend", value=9)
    assert not INDICATOR.applies(scene.view())
    scene.answered("anna", "useful", value=0)
    assert INDICATOR.applies(scene.view())
    assert sums(INDICATOR, scene.view()) == [[1, 0]]
