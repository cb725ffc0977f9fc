"""As much of a tree as can be read: where parts of it are wrong, settings all the same, so that everything else is checked too.
Saying what is wrong is left to `config.translate`."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.describe import is_list, is_part, keys_of, kind_at, known_location, part_at, words_of
from config.schema import Settings
from config.tree import Location, Tree, value_at

_LEFT_OUT = object()


@dataclass(frozen=True)
class Partial:
    """`settings`: None where the tree is no mapping at all. `errors`: of the whole tree. `doubtful`: the locations at which the
    settings say something else than the tree: the default, or a stand-in where there is none."""

    settings: Settings | None
    errors: list[ErrorDetails] = field(default_factory=list)
    doubtful: frozenset[Location] = frozenset()


def read_settings(tree: Tree, folder: Path) -> Partial:
    """Settings over defaults; relative paths start at `folder`."""
    errors: list[ErrorDetails] = []
    patches: dict[Location, Any] = {}
    while () not in patches:
        rest = _patched({} if tree is None else tree, patches)
        try:
            settings = Settings.model_validate(rest, context={"folder": folder}, by_alias=True, by_name=False)
            return Partial(settings, errors, frozenset(patches))
        except ValidationError as refused:
            found = refused.errors(include_url=False)
        errors = errors or found
        patches = _patch(patches, found)
    return Partial(None, errors, frozenset(patches))


def _patch(patches: Mapping[Location, Any], errors: list[ErrorDetails]) -> dict[Location, Any]:
    """The patches with one more for each error, so that the next round has none, or others."""
    new = dict(patches)
    for error in errors:
        location = error["loc"] if error["type"] == "extra_forbidden" else known_location(Settings, error["loc"])
        # What is wrong although patched needs a patch around it, which makes an end at the latest at the whole.
        while location in patches:
            location = location[:-1]
        new[location] = _stand_in(location)
    return new


def _patched(tree: Tree, patches: Mapping[Location, Any]) -> Tree:
    patched = copy.deepcopy(tree)
    for location, patch in sorted(patches.items(), key=lambda entry: len(entry[0])):
        # A patch further out may have taken away what this one was for.
        around, step = value_at(patched, location[:-1]), location[-1]
        if isinstance(around, list) and isinstance(step, int) and step < len(around):
            around[step] = patch
        elif isinstance(around, dict) and isinstance(step, str):
            around[step] = patch
            if patch is _LEFT_OUT:
                del around[step]
    return patched


def _stand_in(location: Location) -> Any:
    """What to put where something wrong stands. A key with a default is left out; entries of lists never are, or those after
    them would be counted otherwise than in the file."""
    if not location:
        return _LEFT_OUT
    kind = kind_at(Settings, location)
    part = part_at(Settings, location[:-1])
    required = part is not None and kind is not None and keys_of(part)[str(location[-1])].is_required()
    if kind is None or not (required or isinstance(location[-1], int)):
        return _LEFT_OUT
    if is_part(kind[0]):
        return {}
    if is_list(kind):
        return []
    return "2000-01-01" if kind[0] is date else (*words_of(kind), "unreadable")[0]
