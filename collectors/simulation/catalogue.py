"""The catalogue of the simulated messages: entries as files and `message.published` events carry them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from collectors.simulation.parameters import SECOND
from collectors.simulation.plan import Message
from collectors.simulation.templates import HOLDOUT, Question

VERSION = "2"
OLD_VERSION = "1"


def describe(message: Message, sender: str, audience: Any) -> dict[str, Any]:
    """The message's entry of the catalogue: keys of the contract, those without a value left out."""
    template = message.template
    asked = template.expects if message.reminder_of is None else ()
    entry = {
        "id": message.id,
        "title": f"{'Reminder: ' if message.reminder_of else ''}{template.title} ({message.subject.day})",
        "channel": template.channel,
        "ids": other_references(message),
        "sender": sender,
        "owner": template.owner,
        "topic": template.topic,
        "goal": template.goal,
        "purpose": template.purpose,
        "setting": template.setting,
        "audience": audience,
        "holdout": {name: list(wanted) for name, wanted in HOLDOUT.items()} if template.action else None,
        "action": message.action_id,
        "sent_at": utc_text(message.sent_at),
        "words": message.words,
        "language": template.language,
        "links": template.links,
        "expects": list(asked),
        "due_at": utc_text(message.due_at) if message.due_at and asked else None,
        "version": VERSION if template.acknowledge and asked else None,
        "campaign": message.campaign,
        "reminder_of": message.reminder_of.id if message.reminder_of else None,
        "content_id": message.content_id,
        "questions": [_describe_question(question) for question in template.questions] if asked else None,
        "urgent": template.urgent or None,
    }
    return {key: value for key, value in entry.items() if value not in (None, "", [])}


def other_references(message: Message) -> list[str]:
    """What else sources call it: the mail system's id where ours is not carried, its page."""
    references = []
    if message.template.channel == "email" and not message.template.carries_id:
        references.append(message.mail_id)
    if message.has_page:
        references.append(message.url)
    return references


def _describe_question(question: Question) -> dict[str, Any]:
    if question.options:
        return {"id": question.id, "options": list(question.options), "correct": question.correct}
    return {"id": question.id, "lowest": question.lowest, "highest": question.highest}


def utc_text(moment: int) -> str:
    return datetime.fromtimestamp(moment // SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_catalogue(path: Path, entries: Iterable[dict[str, Any]]) -> None:
    """One YAML file with all of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(list(entries), Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=120)
    path.write_text(text, encoding="utf-8")
