"""What the keys of a configuration say together and cannot both mean. What needs another room to judge (does this indicator
exist, has the directory this attribute?) is that room's check; what single keys may hold is `config.schema`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from config.duration import Span
from config.problem import Problem, choices, did_you_mean, written
from config.schema import Settings, SourceSettings, Target
from config.windows import check_window

MESSAGE_ATTRIBUTES = ("topic", "purpose", "setting", "owner", "goal")
"""What a target may be broken down by beside the directory's attributes."""

_NO_SEGMENTS = (*MESSAGE_ATTRIBUTES, "channel", "all", "address", "person", "manager")
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_GLOB = re.compile(r"[*?\[]")


def check(settings: Settings, windows: Mapping[str, Span] | None = None) -> list[Problem]:
    """Everything wrong between the keys. `windows`: the indicators' own windows, for targets that name none."""
    return [
        *_named_once("sources", settings.sources),
        *_named_once("targets", settings.targets),
        *_one_store(settings),
        *_segments(settings),
        *_sources(settings),
        *_sample(settings),
        *(
            problem
            for number, target in enumerate(settings.targets)
            for problem in _target(settings, number, target, windows or {})
        ),
    ]
