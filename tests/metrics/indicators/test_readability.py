"""A message's rank by how hard it is, for everybody it was meant for."""

from metrics.indicators.readability import INDICATOR
from metrics.reading import State
from tests.metrics.indicators.scene import Scene, named, states, sums


def test_everybody_it_was_meant_for_has_the_message_as_it_is() -> None:
    view = Scene(("anna", "ben"), rank=2_500).view()
    assert INDICATOR.applies(view)
    assert states(INDICATOR, view) == [State.H, State.H]
    assert sums(INDICATOR, view) == [[1, 2_500], [1, 2_500]]


def test_of_a_campaign_everybody_has_the_first_message_that_was_meant_for_them() -> None:
    first = Scene(("anna", "ben"), rank=10_000).view(audience=[named("anna")])
    reminder = Scene(("anna", "ben"), rank=0).view()
    assert sums(INDICATOR, first, reminder) == [[1, 10_000], [1, 0]]


def test_a_message_without_a_rank_is_not_asked_about() -> None:
    assert not INDICATOR.applies(Scene(("anna",)).view())
