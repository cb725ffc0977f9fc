"""Dialogue: what people say back, from feedback raised to recognised, and how long answers take."""

from dashboards.board import Board, Variable
from dashboards.panels import Query, Row
from dashboards.questions import OF_TARGET, read
from dashboards.shapes import bars, compared, lines, text, words
from dashboards.tables import readings
from metrics import catalogue

_STEPS = ("loop_closure", "actioned", "recognised")
_SHARES = ("response", "participation", "voice_reach", "advocacy", "alignment", "critical_parity")
_VOICES = (*_SHARES, "two_way")  # which is no share: it may be more than 100 %
_HOW = """\
**Do people get an answer?** Feedback is raised, answered, decided, implemented and recognised; each step is a share of those before it
that had their time. The time to an answer counts those still waiting, so it cannot be made short by answering the easy ones alone.
Items keep no author: nobody can be asked who said it."""


def _of(*indicators: str) -> tuple[str, str]:
    return OF_TARGET, f'indicator=~"{"|".join(indicators)}"'


_LABELS = {"title": "what", "target_owner": "owner", "segment": "segment"}
_ANSWERS = Row(
    "From raised to recognised",
    (
        text(_HOW),
        bars(
            "The way of feedback",
            "Of the items that had their time: with a published outcome, implemented of those decided, recognised of those implemented.",
            (Query(read(catalogue.VALUE["ratio"], *_of(*_STEPS)), "{{indicator}} {{segment}}", True),),
            unit="percentunit",
            highest=1.0,
        ),
        lines(
            "Items behind it",
            "How many feedback items each figure is about.",
            (Query(read(catalogue.DENOMINATOR, *_of(*_STEPS, "time_to_answer")), "{{indicator}} {{segment}}"),),
            unit="locale",
        ),
        compared(
            "Time to an answer",
            "The median time from an item raised to its answer, and what was wanted (dashed); open items count as waiting. The range "
            "stands in the table below.",
            *("seconds", *_of("time_to_answer")),
            legend="{{target}}",
        ),
        words(
            "Verdicts",
            "The verdict on each of these over time, as a word.",
            *_of(*_STEPS, "time_to_answer"),
            legend="{{target}}",
        ),
    ),
)
_VOICE = Row(
    "Who speaks",
    (
        bars(
            "Answers, taking part, being heard",
            "Shares of people who reply, react, comment or raise something, and who know what our goals ask of them; critical items beside "
            "the others, and those who would recommend us beside those who would not (one half is equal). Ranges stand in the table below, "
            "and what comes back for each message, which is no share.",
            (Query(read(catalogue.VALUE["ratio"], *_of(*_SHARES)), "{{target}} {{segment}}", True),),
            unit="percentunit",
            highest=1.0,
            width=24,
        ),
        readings("ratio", *_of(*_VOICES, *_STEPS), title="Shares", labels=_LABELS),
        readings("seconds", *_of("time_to_answer"), title="Times", labels=_LABELS, height=6),
    ),
)

BOARD = Board(
    "earshot-dialogue",
    "Earshot: dialogue",
    "Do people get an answer? Feedback from raised to recognised, and who speaks at all.",
    (_ANSWERS, _VOICE),
    (Variable("target", catalogue.TARGET_INFO, "Target", (_of(*_STEPS, "time_to_answer", *_VOICES)[1],)),),
    span="now-90d",
)
