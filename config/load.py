"""A configuration file, with the environment over it, as settings; or everything that is wrong with it, at once.

What single keys may hold is left to `config.schema`, what keys say together to `config.check`, and what only other rooms
know to their own checks: `Loaded.joined` takes those in.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from config.check import check
from config.duration import Span
from config.environment import FILE_VARIABLE, lay_over
from config.partial import read_settings
from config.problem import Problem
from config.schema import Settings
from config.translate import show, translate
from config.tree import WHOLE, Location, Reading, Unreadable, path_of, place_of, read_tree, value_at
from config.tried import Tried, lay_changes
from config.whereabouts import Whereabouts

USUAL_FILE = Path("earshot.yaml")
SAMPLE_FILE = Path(__file__).parent / "sample.yaml"
_LARGEST_BYTES = 1 << 20


@dataclass(frozen=True)
class Loaded:
    """`settings`: None where there is any problem; only these may be run on. `problems`: in the order of the file.
    `understood`: what could be read, defaults in the place of what could not; for checks alone, None where nothing could be."""

    settings: Settings | None
    problems: list[Problem]
    understood: Settings | None = None
    whereabouts: Whereabouts = field(default_factory=Whereabouts)

    def joined(self, found: Iterable[Problem]) -> "Loaded":
        """With what another room's check found in `understood`, in the order of the file. Left out is what rests on something
        unreadable, and what speaks of a path of which something was said already."""
        said = {problem.path for problem in self.problems}
        new = [problem for problem in found if problem.path not in said and not self.whereabouts.in_doubt(problem)]
        problems = self.whereabouts.arrange([*self.problems, *map(self.whereabouts.complete, new)])
        return replace(self, settings=None if problems else self.settings, problems=problems)


def find_file(asked: Path | None, environment: Mapping[str, str]) -> Path:
    """The configuration file: the one asked for, else the one `EARSHOT_CONFIG` names, else `earshot.yaml` in the current folder
    where there is one, else the simulated company's."""
    if asked is not None:
        return asked
    if named := environment.get(FILE_VARIABLE):
        return Path(named)
    return USUAL_FILE if USUAL_FILE.exists() else SAMPLE_FILE


def load(
    path: Path,
    environment: Mapping[str, str],
    *,
    windows: Mapping[str, Span] | None = None,
    lasting: Collection[str] = (),
    tried: Tried | None = None,
) -> Loaded:
    """The settings or the problems. Raises for nothing that stands in the file or in the environment.

    `windows`: the indicators' own windows, by which targets that name none are checked (this room knows no indicator); `lasting`: the
    indicators that rest on nothing that is ever forgotten; `tried`: changes of a target, as if they stood in the file.
    """
    try:
        reading = read_tree(_read(path))
    except Unreadable as unreadable:
        return Loaded(None, [unreadable.problem, *lay_over(Reading(), environment)[1]])
    variables, problems = lay_over(reading, environment)
    if tried is not None:
        unknown, laid = lay_changes(reading, tried)
        problems, variables = [*problems, *unknown], {**variables, **laid}
    partial = read_settings(reading.tree, path.absolute().parent)
    whereabouts = _locate(reading, variables, {*partial.doubtful, *reading.problems})
    refused = {error["loc"]: translate(error, reading.tree) for error in partial.errors}
    problems += map(whereabouts.complete, {**refused, **reading.problems}.values())
    loaded = Loaded(None if problems else partial.settings, problems, partial.settings, whereabouts)
    return loaded.joined(check(partial.settings, windows, lasting) if partial.settings is not None else [])


def _locate(reading: Reading, variables: Mapping[Location, str], doubtful: Iterable[Location]) -> Whereabouts:
    places = {location: place_of(line) for location, line in reading.lines.items()} | dict(variables)
    return Whereabouts(
        places={path_of(location): place for location, place in places.items()},
        written={path_of(location): show(location, value_at(reading.tree, location)) for location in places},
        doubtful=frozenset(path_of(location) for location in doubtful),
    )


def _read(path: Path) -> str:
    allowed = "a YAML file in UTF-8, 1 MiB at most"
    try:
        with path.open("rb") as file:
            body = file.read(_LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such file"
        mend = "`config/starter.yaml` is one to begin with."
        raise Unreadable(Problem(WHOLE, f"nothing to read ({reason})", allowed, mend)) from None
    if len(body) > _LARGEST_BYTES:
        raise Unreadable(Problem(WHOLE, "more than 1 MiB", allowed, "People and messages stand in files of their own."))
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        problem = Problem(WHOLE, "bytes that are not UTF-8", allowed, "Save it as UTF-8.", place=f"line {line}")
        raise Unreadable(problem) from None
