"""What the configuration says of single indicators: scales, questions, goals, the plan of topics."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.schema import Settings


@dataclass(frozen=True)
class Wishes:
    """`rating`: lowest and highest of a scale nobody describes; `plan`: topic to its planned share, of any sum."""

    rating: tuple[float, float] = (1.0, 5.0)
    plan: Mapping[str, float] = field(default_factory=dict)
    alignment: str = "role"
    advocacy: str = "recommend"
    gap_of: str = "reach"
    goals: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def wishes_of(settings: Settings) -> Wishes:
    """Those of the settings; what they have no key for stands as above."""
    own: Any = settings.indicators
    found: dict[str, Any] = {"goals": own.goals, "topics": own.topics}
    if (rating := getattr(own, "rating", None)) is not None:
        found["rating"] = (float(rating.lowest), float(rating.highest))
    for name in ("alignment", "advocacy"):
        if (asked := getattr(own, name, None)) is not None:
            found[name] = asked.question
    return Wishes(**found, **{name: getattr(own, name) for name in ("plan", "gap_of") if hasattr(own, name)})
