"""Who can see what: the targets that are published, what protects small groups in them, and the doors they are seen through. What is kept
behind them is left to `kept`."""

from config.schema import USUAL_K, Disclosure, Settings, Target
from metrics.disclosing.epochs import LARGE
from metrics.disclosure import FEW
from metrics.document import Block, Heading, Listing, Paragraph, Table, quoted
from metrics.indicators import INDICATORS
from metrics.privacy.given import Given, words
from metrics.readings import choose_judge
from metrics.spelling import moment_text

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def asked_section(settings: Settings) -> list[Block]:
    """The questions of this configuration, by target."""
    title = Heading(2, "What is asked")
    if not settings.targets:
        return [title, Paragraph("No target is configured: nothing is asked, and nothing is published.")]
    return [title, Table(("target", "question", "about", "whose task"), [_row(target) for target in settings.targets])]


def _row(target: Target) -> list[str]:
    indicator = INDICATORS[target.indicator]
    name = f"`{target.name}`" + (f": {quoted(target.title)}" if target.title else "")
    scope = [f"{key} {quoted(value)}" for key, value in target.scope.model_dump().items() if value is not None]
    about = ", ".join(scope) if scope else "everybody"
    by = f"; each {quoted(target.by)} apart" if target.by else ""
    judged = f"; {target.period}, by {choose_judge(target, indicator)}"
    if target.minimum_people:
        judged += f", {target.minimum_people} people at the least"
    return [name, f"`{indicator.id}`: {indicator.question}", about + by + judged, quoted(target.owner) or "nobody's"]


def seen_section(given: Given) -> list[Block]:
    """The doors, and what is seen through each."""
    settings = given.settings
    page = settings.page
    titles = "with their titles" if page.titles else "without their titles"
    latest = f"the latest {page.messages} messages, {titles}" if page.messages else "no single message as a series"
    where = "from this machine alone" if page.host in _LOOPBACK else "from wherever the network lets them reach it"
    rows = [
        [
            f"whoever reaches the page at `{page.host}`, port {page.port}: {where}; Earshot asks for no password",
            f"the published figures of every target, and {latest}; the state of sources",
        ],
        [
            "whoever may ask Prometheus or Grafana, or gets an alert",
            "the same figures as series (`/metrics`), and their past for as long as Prometheus keeps it",
        ],
        ["whoever may run `./earshot readings` in this installation", "the same published figures"],
        [
            "whoever may run `./earshot unmatched`",
            "references of messages that nobody described, and how many facts stand for each: nothing of people",
        ],
        *_sent_on(settings),
        ["nobody, by any command or page", "a row a person, a pseudonym's doings, the body of a record that nobody understood"],
        ["an administrator of the machine", "see \"What an administrator could still do\""],
    ]  # fmt: skip
    return [
        Heading(2, "Who can see what"),
        Paragraph(
            "One thing is published: a snapshot of figures of groups. It names nobody; owners in it are roles and teams: "
            f"{_owners(settings) or 'none is named'}."
        ),
        Table(("who", "sees"), rows),
        *_protection(settings),
        *_history(given),
    ]


def _sent_on(settings: Settings) -> list[list[str]]:
    """What other systems are told."""
    grafana, topic, rows = settings.grafana, settings.kafka.dead_letter_topic, []
    if grafana.url and grafana.token_file is not None:
        titles = "title" if settings.page.titles else "id, without its title"
        notes = f", and that a message was sent, and its {titles}" if grafana.annotations else ""
        rows.append(
            [f"whoever may use the Grafana at {quoted(str(grafana.url))}", f"dashboards over the same series{notes}"]
        )
    if topic is not None:
        told = "place and reason of every record that nobody understood, and nothing of what stood in it"
        rows.append([f"whoever may read the topic {quoted(topic)}", told])
    return rows


def _owners(settings: Settings) -> str:
    return words(sorted({target.owner for target in settings.targets if target.owner}))


def _protection(settings: Settings) -> list[Block]:
    disclosure = settings.disclosure
    segments = words(settings.directory.segments) or "none"
    few = words(disclosure.roles_of_few)
    entries = [
        f"**A group of fewer than {disclosure.k} people shows nothing**: no value, no range, no verdict. {_lowered(disclosure)}",
        f'In a group that shows, fewer than {FEW} people are told as "at most {FEW}", and fewer than {FEW} missing likewise.',
        "Where a group is hidden, as few others are hidden with it as keep it from being reckoned out, over breakdowns and over days.",
        f"Figures of groups under {LARGE} people, and of parts of what else is shown, change once a {disclosure.epoch}, at midnight "
        f"({settings.organisation.zone}).",
        "Value, range and verdict are computed from what is published, not from what is hidden.",
        f"Attributes of people by which anything may be broken down: {segments}. One that equals a manager's team is none to choose.",
        f"Roles that fewer than three people hold: {few}. What would judge one of them is hidden."
        if few
        else "No role is set down as held by fewer than three people (`roles_of_few`): what judges an owner is shown.",
    ]
    return [Heading(3, "What protects small groups"), Listing(entries)]


def _history(given: Given) -> list[Block]:
    """How the smallest group was set so far, as whoever published it wrote down."""
    changes = () if given.standing is None else given.standing.thresholds
    if not changes:
        return [Paragraph("How `disclosure.k` is set is written down at the first evaluation: so far there was none.")]
    zone = given.settings.organisation.zone
    entries = [
        f"{moment_text(entry.at, zone)}: {quoted(entry.value)} (configuration `{entry.configuration}`)"
        + ("" if entry.whole else ". **A row of this record was changed or taken away since it was written.**")
        for entry in changes
    ]
    told = "Every change of `disclosure.k` is written down, each row with a hash of the one before, so that none goes unseen:"
    return [Paragraph(told), Listing(entries)]


def _lowered(disclosure: Disclosure) -> str:
    if disclosure.k >= USUAL_K:
        more = "" if disclosure.k == USUAL_K else f", raised from the usual {USUAL_K}"
        return f"That is `disclosure.k`{more}; under {USUAL_K} it can be set only with two roles named, and under 5 not at all."
    return f"**That is fewer than the usual {USUAL_K}**, set down as agreed by: {words(disclosure.lowered_by) or 'nobody'}."
