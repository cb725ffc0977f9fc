"""What a catalogue may say of a message: every key of an entry, checked. What the values may be is `entry_values`, where
entries come from is left to `imports` and the ledger, what joins them to `messages`."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, Self

import msgspec
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from config.problem import Problem, choices, did_you_mean
from metrics.entry_values import (
    Audience,
    Cell,
    Channel,
    Count,
    Expectations,
    Holdout,
    Label,
    Language,
    Links,
    Moment,
    Number,
    Options,
    Owner,
    Pseudonym,
    Purpose,
    Reference,
    References,
    Setting,
    Title,
    Truth,
)
from metrics.masking import HIDDEN, mask, shown
from metrics.moments import write_moment

# Values that may be somebody's identifier: never quoted.
_PERSONAL = frozenset({"sender", "audience", "holdout"})


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_blanks(cls, value: Any) -> Any:
        """An empty cell, a null and an empty list say nothing."""
        if not isinstance(value, Mapping):
            return value
        return {key: each for key, each in value.items() if not _is_blank(each)}


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | tuple | dict) and not value) or str(value).isspace()


class Question(_Part):
    """`correct`: one of the options, for a quiz; `lowest` and `highest`: the ends of a scale."""

    id: Reference
    options: Options = ()
    correct: Label | None = None
    lowest: Number | None = None
    highest: Number | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.correct is not None and self.correct not in self.options:
            raise _refusal("correct", "one of the question's `options`")
        if self.lowest is not None and self.highest is not None and self.lowest >= self.highest:
            raise _refusal("highest", "more than `lowest`")
        return self


class Totals(_Part):
    """What a source counted of a message by a moment: people, never events. `cell`: which of them; of the same attributes in all of an
    entry. What it does not say is None; only the audience has to be said."""

    at: Moment
    cell: Cell = {}
    audience: Count
    sent: Count | None = None
    delivered: Count | None = None
    reached: Count | None = None
    opened: Count | None = None
    read: Count | None = None
    clicked: Count | None = None
    acknowledged: Count | None = None
    responded: Count | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for name, value in self:
            if isinstance(value, int) and name not in ("at", "audience") and value > self.audience:
                raise _refusal(name, "no more people than the `audience` has")
        return self


class Entry(_Part):
    """One message as the catalogue describes it; what it does not say is None or empty. Times: microseconds since 1970 UTC.

    `ids`: other references; `sender`: a pseudonym; `audience`: `all`, attribute or `group` -> values, or pseudonyms; `links`:
    how many; `holdout`: a condition, or a share of the people."""

    id: Reference
    title: Title = ""
    channel: Channel | None = None
    ids: References = ()
    sender: Pseudonym | None = None
    owner: Owner | None = None
    topic: Label | None = None
    goal: Label | None = None
    purpose: Purpose | None = None
    setting: Setting | None = None
    audience: Audience | None = None
    holdout: Holdout | None = None
    action: Reference | None = None
    sent_at: Moment | None = None
    words: Count | None = None
    lix: Number | None = None
    language: Language | None = None
    links: Links | None = None
    expects: Expectations = ()
    due_at: Moment | None = None
    version: Label | None = None
    campaign: Label | None = None
    reminder_of: Reference | None = None
    content_id: Reference | None = None
    questions: tuple[Question, ...] = ()
    totals: tuple[Totals, ...] = ()
    urgent: Truth = False

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.sent_at is not None and self.due_at is not None and self.due_at <= self.sent_at:
            raise _refusal("due_at", "a time after `sent_at`")
        if self.reminder_of == self.id:
            raise _refusal("reminder_of", "another message than this one")
        questions = [question.id for question in self.questions]
        if len(set(questions)) < len(questions):
            raise _refusal("questions", "each `id` once")
        cells = [(each.at, tuple(sorted(each.cell.items()))) for each in self.totals]
        if len(set(cells)) < len(cells) or len({frozenset(each.cell) for each in self.totals}) > 1:
            raise _refusal(
                "totals", "each cell once at a time, and all cells of the same attributes, so that nobody is in two"
            )
        return self


class BadEntry(ValueError):
    """An entry that may not stand. `problems`: every one of them, their paths inside the entry (`questions[1].options`)."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


def read_entry(raw: Mapping[str, Any], zone: tzinfo | None = None) -> Entry:
    """The entry, or BadEntry. `zone`: what a time without one is read in; None: such a time is refused. People in it must
    be pseudonyms already."""
    try:
        return Entry.model_validate(raw, context={"zone": zone})
    except ValidationError as error:
        problems = [_problem(each) for each in error.errors(include_url=False)]
        raise BadEntry(sorted(problems)) from None


def write_entry(entry: Entry) -> str:
    """As JSON, as an event would carry it, keys sorted; `read_entry` gives the same entry back."""
    said = _said(entry) | {name: write_moment(at) for name in ("sent_at", "due_at") if (at := getattr(entry, name))}
    if entry.questions:
        said["questions"] = [_said(question) for question in entry.questions]
    if entry.totals:
        said["totals"] = [_said(each) | {"at": write_moment(each.at)} for each in entry.totals]
    return msgspec.json.encode(said, order="sorted").decode()


def _said(part: _Part) -> dict[str, Any]:
    fields = type(part).model_fields
    return {name: value for name, value in part if value != fields[name].default}


def _refusal(field: str, allowed: str) -> PydanticCustomError:
    return PydanticCustomError("does_not_fit", "{allowed}", {"field": field, "allowed": allowed})


def _problem(error: ErrorDetails) -> Problem:
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{mask(str(step))}" for step in error["loc"])
    path = path.removeprefix(".")
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            part = Question if path.startswith("questions") else Totals if path.startswith("totals") else Entry
            known = tuple(part.model_fields)
            return Problem(path, "an unknown key", choices(known), did_you_mean(str(error["loc"][-1]), known))
        case "does_not_fit":
            path = f"{path}.{context['field']}".removeprefix(".")
            return Problem(path, "what does not fit the rest", context["allowed"])
        case "missing":
            return Problem(path, "nothing", "a text, its own")
        case "value_error":
            found = HIDDEN if error["loc"][0] in _PERSONAL else shown(error["input"])
            return Problem(path, found, str(context["error"]))
    return Problem(path or "entry", shown(error["input"]), "a list of mappings" if path else "a mapping")
