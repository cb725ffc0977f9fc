"""As much of a tree as can be read: where parts of it are wrong, the settings of the rest, so that all else can be checked too.
Saying what is wrong is left to `config.translate`."""

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.schema import Settings
from config.tree import Location, Tree


@dataclass(frozen=True)
class Partial:
    """`settings`: with defaults in the place of what was left out; None where nothing can be read. `errors`: of the whole tree.
    `left_out`: locations in the tree. `kept`: for each list, by its location in the tree, the numbers of the entries that stayed."""

    settings: Settings | None
    errors: list[ErrorDetails] = field(default_factory=list)
    left_out: frozenset[Location] = frozenset()
    kept: dict[Location, list[int]] = field(default_factory=dict)


def read_settings(tree: Tree, folder: Path) -> Partial:
    """Settings over defaults; relative paths start at `folder`."""
    errors: list[ErrorDetails] = []
    left_out: frozenset[Location] = frozenset()
    while () not in left_out:
        kept: dict[Location, list[int]] = {}
        rest = _without({} if tree is None else tree, left_out, (), kept)
        try:
            settings = Settings.model_validate(rest, context={"folder": folder}, by_alias=True, by_name=False)
            return Partial(settings, errors, left_out, kept)
        except ValidationError as refused:
            found = refused.errors(include_url=False)
        errors = errors or found
        # Every round leaves out something that was still there, so it ends: at the latest with the whole.
        left_out |= {_culprit(error, rest, kept) for error in found}
    return Partial(None, errors, left_out)


def _without(tree: Tree, left_out: frozenset[Location], here: Location, kept: dict[Location, list[int]]) -> Tree:
    if isinstance(tree, dict):
        return {
            key: _without(inner, left_out, (*here, key), kept)
            for key, inner in tree.items()
            if (*here, key) not in left_out
        }
    if isinstance(tree, list):
        kept[here] = [number for number in range(len(tree)) if (*here, number) not in left_out]
        return [_without(tree[number], left_out, (*here, number), kept) for number in kept[here]]
    return tree


def _culprit(error: ErrorDetails, rest: Tree, kept: dict[Location, list[int]]) -> Location:
    """What to leave out so that an error goes, as a location in the whole tree: what is wrong, or around what is missing."""
    node, there = rest, ()  # type: Tree, Location
    for step in error["loc"]:
        if isinstance(node, dict) and step in node:
            node, there = node[str(step)], (*there, step)
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node, there = node[step], (*there, kept[there][step])
        else:
            break
    return there
