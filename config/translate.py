"""What pydantic found wrong, in sentences of our own: no word of its jargon reaches people. Knows no single key but the secret ones."""

import re

from pydantic_core import ErrorDetails

from config.describe import Kind, allowed_by, is_list, is_part, keys_of, kind_at, known_location, part_at, words_of
from config.part import Part
from config.problem import HIDDEN, Problem, did_you_mean, written
from config.schema import Settings
from config.tree import Location, Tree, path_of, value_at
from config.values import Refused

_SECRET_KEY = "store"
_SECRET_WORDS = re.compile(r"password|secret|token|credential", re.IGNORECASE)


def translate(error: ErrorDetails, tree: Tree) -> Problem:
    """One of pydantic's errors over a tree as a problem."""
    if error["type"] == "extra_forbidden":
        return _unknown_key(error["loc"])
    location = known_location(Settings, error["loc"])
    kind = kind_at(Settings, location) or (str, ())
    if error["type"] == "missing":
        return Problem(path_of(location), "nothing", allowed_by(kind), f"Add `{location[-1]}`: it has no default.")
    value = value_at(tree, location)
    return Problem(path_of(location), show(location, value), allowed_by(kind), _mend(error, kind, value))


def show(location: Location, value: Tree) -> str:
    """A value as problems print it: never a secret."""
    keys = [step for step in location if isinstance(step, str)]
    if location[:1] == (_SECRET_KEY,) or any(_SECRET_WORDS.search(key) for key in keys):
        return HIDDEN
    return written(value)


def _unknown_key(location: Location) -> Problem:
    # The key is named and its value is not: a secret under a misspelled key is a secret still.
    key = str(location[-1])
    part = part_at(Settings, location[:-1])
    known = list(keys_of(part)) if part is not None else []
    allowed = f"the keys {', '.join(f'`{name}`' for name in known)}"
    return Problem(path_of(location), "a key that does not exist", allowed, did_you_mean(key, known))


def _mend(error: ErrorDetails, kind: Kind, value: Tree) -> str:
    refused = error.get("ctx", {}).get("error")
    if isinstance(refused, Refused):
        return str(refused)
    if isinstance(value, str):
        if is_list(kind):
            return f"Put it in brackets: [{value}]." if written(value) == f"`{value}`" else "Put it in brackets."
        if is_part(kind[0]):
            return _keys_meant(kind[0], value)
        return did_you_mean(value, words_of(kind)) or _number_meant(error, value)
    if isinstance(value, list) and not is_list(kind):
        return "Keys stand here, not a list." if is_part(kind[0]) else "One value stands here, not a list."
    return ""


def _keys_meant(part: type[Part], value: str) -> str:
    first, *others = keys_of(part)
    # Of the places that records come from, files are what a bare path means.
    plain = (not others or first == "files") and written(value) == f"`{value}`"
    return f"Write `{{{first}: {value}}}`." if plain else "Write its keys below it, indented."


def _number_meant(error: ErrorDetails, value: str) -> str:
    bare = value.replace("_", "").replace(",", "").replace("'", "").replace(" ", "")
    if (
        error["type"] in ("int_parsing", "float_parsing")
        and bare != value
        and re.fullmatch(r"\d{1,12}", bare, re.ASCII)
    ):
        return f"Write the number alone: {bare}."
    return ""
