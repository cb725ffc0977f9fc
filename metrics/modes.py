"""Which indicators each mode can give, by what it keeps, and what a configuration may not ask of it. How readings come of totals is left to
`totals`, of tokens to `tokens`."""

from config.problem import Problem, choices, written
from config.schema import Mode, Settings
from metrics.indicators import INDICATORS
from metrics.totals import SHARES

# Who manages whom and who has which address, a directory knows; who went to a page that a message points to, and who was not sent it,
# nobody who is known under that message alone.
_NEEDS_MORE_THAN_A_MESSAGE = frozenset({"addressable", "cascade", "action", "action_effect"})
_WHY = {
    "cells": "people are kept as tokens of one message, which cannot tell",
    "counts": "nobody is kept, and totals cannot tell",
}


def served(indicator: str, mode: Mode, gap_of: str) -> bool:
    """Whether a mode can tell it. Where nobody is known beyond a message: what is about one message, gaps between shares of such, and
    what is about nobody (feedback items, the age of messages, what is hidden)."""
    asked = INDICATORS[indicator]
    if mode == "people" or asked.items is not None or asked.by_age or asked.of_readings:
        return True
    if asked.between_segments:
        return served(gap_of, mode, gap_of)
    if mode == "counts":
        return indicator in SHARES
    return asked.by_verdict or (asked.classify is not None and indicator not in _NEEDS_MORE_THAN_A_MESSAGE)


def check_mode(settings: Settings) -> list[Problem]:
    """What the mode cannot serve, or has no use for."""
    mode = settings.mode
    if mode == "people":
        return []
    known = [id for id in INDICATORS if served(id, mode, settings.indicators.gap_of)]
    problems = [
        Problem(
            f"targets[{number}].indicator",
            written(target.indicator),
            choices(known),
            f"In the mode `{mode}` {_WHY[mode]} `{target.indicator}`: leave it out, or use the mode `people`.",
            rests_on=("mode", "indicators.gap_of"),
        )
        for number, target in enumerate(settings.targets)
        if target.indicator in INDICATORS and target.indicator not in known
    ]
    if settings.directory.files:
        mend = (
            f"In the mode `{mode}` there is no directory: cells and their totals stand in the entries of the catalogue. Leave the "
            "files out."
        )
        problems.append(
            Problem("directory.files", str(len(settings.directory.files)), "nothing", mend, rests_on=("mode",))
        )
    if settings.sample is not None:
        mend = f"The simulated company hands over people, not {'tokens' if mode == 'cells' else 'totals'}: leave the mode out."
        problems.append(Problem("mode", mode, choices(["people"]), mend, rests_on=("sample",)))
    return problems
