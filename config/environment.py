"""`EARSHOT_...` variables laid over a file's tree, `__` between levels. What a file may say is left to `config.schema`.

Mappings and single values can be set so; lists are set in the file.
"""

import re
from collections.abc import Mapping
from typing import Any

from config.describe import is_list, is_part, keys_of, kind_at
from config.problem import Problem, did_you_mean
from config.schema import Settings
from config.tree import Location, Reading, written_key
from config.values import Plain

PREFIX = "EARSHOT_"
FILE_VARIABLE = "EARSHOT_CONFIG"

# Ours, but no keys: which file to read, and the switches of the tests.
_OTHERS = re.compile(rf"{FILE_VARIABLE}|EARSHOT_GOLDEN|EARSHOT_TEST_\w+")

# Kubernetes sets these in every pod beside a Service whose name begins with `earshot`: nobody asked for them.
_SERVICE_LINK = re.compile(r"_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$")
_LINK_VALUE = re.compile(r"^(tcp|udp|sctp)://")


def lay_over(reading: Reading, environment: Mapping[str, str]) -> tuple[dict[Location, str], list[Problem]]:
    """Set in the reading's tree what the variables say. Gives back the variable behind each location set, and the
    variables that name no key. An empty variable is as if it were not set."""
    variables: dict[Location, str] = {}
    problems: list[Problem] = []
    for variable in sorted(name for name in environment if name.startswith(PREFIX)):
        text = environment[variable]
        if _OTHERS.fullmatch(variable) or not text or _SERVICE_LINK.search(variable) or _LINK_VALUE.match(text):
            continue
        location = tuple(variable.removeprefix(PREFIX).lower().split("__"))
        problem = _judge(variable, location)
        if problem is not None:
            problems.append(problem)
        elif _set(reading, location, text):
            variables[location] = variable
    return variables, problems


def variable_of(location: Location) -> str:
    """The variable that sets a location."""
    return PREFIX + "__".join(str(step).upper() for step in location)


def _judge(variable: str, location: Location) -> Problem | None:
    name = written_key(variable)
    for length in range(1, len(location) + 1):
        kind = kind_at(Settings, location[:length])
        if kind is None:
            return _unknown(variable)
        if is_list(kind):
            return Problem(name, "a variable for a list", "mappings and single values", "Set lists in the file.")
    if kind is not None and is_part(kind[0]):
        keys = ", ".join(f"`{variable}__{key.upper()}`" for key in keys_of(kind[0]))
        return Problem(name, "a variable for a whole part", f"one for each of its keys: {keys}")
    return None


def _unknown(variable: str) -> Problem:
    allowed = f"`{PREFIX}` and the path of a key, `__` between levels, such as `EARSHOT_PAGE__PORT`"
    # Every name has the prefix, so it says nothing about which one is near.
    near = did_you_mean(variable.removeprefix(PREFIX), [name.removeprefix(PREFIX) for name in _all_variables()])
    mend = near.replace("`", f"`{PREFIX}", 1)
    return Problem(written_key(variable), "a variable that names no key", allowed, mend)


def _all_variables(location: Location = ()) -> list[str]:
    kind = kind_at(Settings, location)
    if kind is None or is_list(kind):
        return []
    if not is_part(kind[0]):
        return [variable_of(location)]
    return [name for key in keys_of(kind[0]) for name in _all_variables((*location, key))]


def _set(reading: Reading, location: Location, text: str) -> bool:
    """False where the file has something else than mappings on the way: that is a problem of its own."""
    if reading.tree is None:
        reading.tree = {}
    node: Any = reading.tree
    for step in location[:-1]:
        if not isinstance(node, dict):
            return False
        if node.get(step) is None:
            node[step] = {}
        node = node[step]
    if not isinstance(node, dict):
        return False
    node[location[-1]] = Plain(text)
    reading.problems.pop(location, None)
    return True
