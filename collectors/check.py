"""What only this room can say of a configuration: do the decoders exist, do they take their options, can they show what is claimed."""

from collections.abc import Sequence

from collectors.decoders import DECODERS
from collectors.events import ACTIONS
from config.problem import Problem, choices, did_you_mean, written
from config.schema import SourceSettings


def check(sources: Sequence[SourceSettings]) -> list[Problem]:
    """Every problem of the sources that can be told without reading them."""
    problems: list[Problem] = []
    for index, source in enumerate(sources):
        path = f"sources[{index}]"
        make = DECODERS.get(source.decoder)
        if make is None:
            known = sorted(DECODERS)
            problems.append(
                Problem(f"{path}.decoder", written(source.decoder), choices(known), did_you_mean(source.decoder, known))
            )
            continue
        try:
            shows = make(source.options).shows
        except ValueError as why:
            problems.append(Problem(f"{path}.options", written(source.options), str(why)))
            continue
        problems += _check_shows(path, source, shows)
    return problems


def _check_shows(path: str, source: SourceSettings, able: frozenset[str]) -> list[Problem]:
    problems = []
    for place, action in enumerate(source.shows or ()):
        if action in able:
            continue
        known = sorted(able)
        mend = did_you_mean(action, known)
        if action in ACTIONS:
            mend = f"The decoder `{source.decoder}` cannot show it."
        problems.append(Problem(f"{path}.shows[{place}]", written(action), choices(known), mend))
    return problems
