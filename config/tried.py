"""Changes of a target that are tried and not set: laid over a file's tree as if they stood in it. What they may say is left to
`config.schema`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from config.problem import Problem, choices, did_you_mean, written
from config.tree import Location, Reading
from config.values import Plain

PLACE = "on the command line"
_FORM = re.compile(r"([a-z_]+(?:\.[a-z_]+)?)=(.*)", re.DOTALL)


@dataclass(frozen=True)
class Tried:
    """Of the target of a name, texts by key (`value`, `scope.channel`); an empty one takes the key away."""

    name: str
    changes: tuple[tuple[str, str], ...]


def read_tried(name: str, texts: Sequence[str]) -> Tried:
    """`texts`: KEY=VALUE. ValueError where one is not."""
    changes = []
    for text in texts:
        form = _FORM.fullmatch(text)
        if form is None:
            raise ValueError(f"found {written(text)}; allowed: KEY=VALUE, such as value=0.75 or scope.channel=email")
        changes.append((form[1], form[2].strip()))
    return Tried(name, tuple(changes))


def lay_changes(reading: Reading, tried: Tried) -> tuple[list[Problem], dict[Location, str]]:
    """Set them in the reading's tree; where each stands now. A target that is not there is added where an indicator is named, else it
    is a problem."""
    tree = reading.tree if isinstance(reading.tree, dict) else {}
    listed = tree.get("targets")
    targets = [dict(each) if isinstance(each, dict) else each for each in listed] if isinstance(listed, list) else []
    names = [each.get("name") if isinstance(each, dict) else None for each in targets]
    if tried.name not in names:
        if "indicator" not in dict(tried.changes):
            return [_unknown(tried.name, [str(name) for name in names if name])], {}
        targets.append({"name": Plain(tried.name)})
        names.append(tried.name)
    number = names.index(tried.name)
    places: dict[Location, str] = {}
    for key, text in tried.changes:
        steps = key.split(".")
        _set(targets[number], steps, text)
        places["targets", number, *steps] = PLACE
    reading.tree = {**tree, "targets": targets}
    return [], places


def _unknown(name: str, known: Sequence[str]) -> Problem:
    mend = f"{did_you_mean(name, known)} To try a new one, say which indicator: `indicator=reach`.".strip()
    return Problem("targets", written(name), choices(known) if known else "a target", mend, place=PLACE)


def _set(target: dict[str, Any], steps: Sequence[str], text: str) -> None:
    node = target
    for step in steps[:-1]:
        node[step] = dict(node[step]) if isinstance(node.get(step), dict) else {}
        node = node[step]
    if text:
        node[steps[-1]] = Plain(text)
    else:
        node.pop(steps[-1], None)
