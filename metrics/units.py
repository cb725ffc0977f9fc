"""Which messages count a person once: campaigns, and reminders with what they remind of. Which units are judged together is left
to `classes`."""

from collections.abc import Mapping

from metrics.entries import Entry
from metrics.masking import shown


def find_units(
    messages: Mapping[str, Entry], references: Mapping[str, str]
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Unit to the ids of its messages by the time of sending, and what is wrong with them. `references`: to ids.

    A unit is called after its campaign, else after the message at the head of its chain of reminders, be that one described or
    not: so it keeps its name while more becomes known.
    """
    groups = _Groups()
    problems = []
    for id, message in sorted(messages.items()):
        groups.add(id)
        if message.campaign is not None:
            groups.join(_name_of(message.campaign), id)
        if message.reminder_of is not None:
            head = references.get(message.reminder_of, message.reminder_of)
            groups.join(head, id)
            if head not in messages:
                problems.append(f"{shown(id)} is a reminder of {shown(head)}, which nobody described")
    units = {}
    for members in groups.all():
        ids = sorted((id for id in members if id in messages), key=lambda id: (messages[id].sent_at or 0, id))
        units[_name(members, messages)] = tuple(ids)
    return dict(sorted(units.items())), problems


def _name_of(campaign: str) -> str:
    return f"campaign {campaign}"


def _name(members: list[str], messages: Mapping[str, Entry]) -> str:
    campaigns = [_name_of(messages[id].campaign or "") for id in members if id in messages and messages[id].campaign]
    heads = [id for id in members if id not in messages or messages[id].reminder_of is None]
    return min(campaigns or heads or members)


class _Groups:
    """Names that belong together, in one way or another."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def add(self, name: str) -> str:
        """The name that stands for the group so far."""
        self._above.setdefault(name, name)
        while self._above[name] != name:
            name = self._above[name]
        return name

    def join(self, one: str, other: str) -> None:
        self._above[self.add(one)] = self.add(other)

    def all(self) -> list[list[str]]:
        groups: dict[str, list[str]] = {}
        for name in self._above:
            groups.setdefault(self.add(name), []).append(name)
        return list(groups.values())
