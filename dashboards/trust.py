"""Trust: how far the figures can be believed: machines, what cannot be seen, what belongs to nobody, what is hidden, what was lost."""

from dashboards.board import CHANNEL, TARGET, Board
from dashboards.panels import Query, Row
from dashboards.promql import once, select
from dashboards.questions import JOB, OF_CHANNEL, OF_TARGET, WHOLE, age, read, titled
from dashboards.shapes import compared, figure, lines, text
from dashboards.tables import table
from metrics import catalogue

_CHOSEN = (OF_TARGET, OF_CHANNEL, WHOLE)
_ON_TRUST = (
    f'indicator=~"{"|".join(("machine_share", "unmeasurable", "joined", "maturity", "suppressed", "detected"))}"',
)
_HOW = """\
**How far can these figures be believed?** Scanners open and click before people do; proxies and mail programs hide what people do;
some read where nobody counts. All of that widens the range of a reading and is shown here; nothing is deleted. **no data** here means
that no target asks for it: add one of the indicators `machine_share`, `unmeasurable`, `joined`, `maturity`, `suppressed`, `detected`
without a value to watch it."""
_KINDS = {"human": "people", "proxy": "hidden by a proxy", "scanner": "scanners alone", "unseen": "could not be seen"}


def _evidence(kind: str) -> str:
    return once(select(catalogue.EVIDENCE, JOB, *_CHOSEN, f'evidence="{kind}"'), "evidence")


_SEEN = Row(
    "What the readings rest on",
    (
        text(_HOW),
        *(
            lines(
                f"Share: {told}",
                f"Of the people each reading is about (whole audience): the share whose best evidence is this: {told}.",
                (Query(_evidence(kind), "{{target}}"),),
                unit="percentunit",
                highest=1.0,
            )
            for kind, told in _KINDS.items()
        ),
        lines(
            "What a naive count would say",
            "The raw figure, with machines counted as people, minus the reading: how much too good it would look.",
            (
                Query(
                    f"{read(catalogue.RAW['ratio'], *_CHOSEN)} - {read(catalogue.VALUE['ratio'], *_CHOSEN)}",
                    "{{target}}",
                ),
            ),
            unit="percentunit",
            width=24,
        ),
        compared(
            "Indicators of trust",
            "Machine share, unmeasurable, joined, matured, hidden and detected, for everybody, where targets ask for them, and what was "
            "wanted (dashed). Their ranges stand on the dashboard *Indicator*.",
            *("ratio", *_ON_TRUST, WHOLE),
            legend="{{indicator}}",
        ),
    ),
)
_LOST = Row(
    "What is missing",
    (
        figure(
            "Hidden",
            "Share of all published readings that are hidden.",
            read(catalogue.SUPPRESSED),
            unit="percentunit",
        ),
        figure("Smallest group", "Groups of fewer people are hidden.", read(catalogue.MINIMUM_PEOPLE)),
        figure(
            "Age of the data", "How long ago the moment was that the readings describe.", age(catalogue.AS_OF), unit="s"
        ),
        lines(
            "Gaps",
            "Stretches of each source that were gone before they were read; a target that they touch is not called missed.",
            (Query(read(catalogue.GAPS), "{{source}}"),),
        ),
        lines(
            "Joined to nothing",
            "References that no catalogue describes, people whom no directory knows, and people outside the audience, at the last "
            "evaluation.",
            (Query(read(catalogue.UNMATCHED), "{{what}}"),),
        ),
        lines(
            "How late events come",
            "As declared for each source, and as measured: 99 of 100 events came within it. Nothing is missed before the longer has "
            "passed.",
            (Query(read(catalogue.LATENESS), "{{source}} {{which}}"),),
            unit="s",
        ),
        table(
            "Why there is no verdict",
            "Readings for the whole audience that are neither met nor missed, with the reason by its name.",
            {"since": (titled(once(f"{select(catalogue.REASON, JOB, *_CHOSEN)} == 1")), "none")},
            renamed={"title": "what", "target_owner": "owner", "channel": "channel", "reason": "reason"},
        ),
    ),
)

BOARD = Board(
    "earshot-trust",
    "Earshot: trust",
    "How far can the figures be believed?",
    (_SEEN, _LOST),
    (TARGET, CHANNEL),
)
