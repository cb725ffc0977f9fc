"""Which figure each indicator is: over people of a message, over a whole period, over feedback items, or made from other readings.

The windows that indicators have of their own stand here too; what the figures are is left to the modules that compute them.
"""

from config.duration import Span

PERIOD = frozenset(
    {
        *("period_reach", "channel_dependence", "participation", "voice_reach", "awareness", "goal_awareness"),
        *("message_load", "duplicate_load", "out_of_hours", "topic_balance", "two_way", "alignment", "advocacy"),
    }
)
ITEM = frozenset({"time_to_answer", "loop_closure", "actioned", "recognised", "critical_parity"})
# Of facts, by the day; what counts messages as one each, or readings.
DAYS = frozenset({"machine_share", "joined"})
NO_PEOPLE = frozenset({"purpose_success", "maturity", "suppressed"})
MEANS = frozenset({"readability", "attention", "comprehension", "usefulness", "advocacy"})
TIMES = frozenset({"time_to_reach", "time_to_answer"})
# What everybody owes, whatever the group: judged by what happened even where it is broken down.
OWED = frozenset({"delivered", "acknowledged", "cascade", "loop_closure", "recognised", "maturity", "suppressed"})
# Those in which chance has a part, whatever they are about.
BY_CHANCE = frozenset({"detected", "critical_parity", "action_effect"})
# Words of a message's entry that readings may be broken down by.
OF_MESSAGES = ("topic", "purpose", "setting", "owner", "goal")

FIVE_DAYS = Span(5, "days", working=True)
DAY, WEEK = Span(24, "hours"), Span(7, "days")
WINDOWS = {
    "delivered": DAY,
    "readability": Span(1, "hours"),
    "opened": Span(48, "hours"),
    "unmeasurable": Span(48, "hours"),
    "cascade": Span(72, "hours"),
    "comprehension": WEEK,
    "usefulness": WEEK,
    "time_to_answer": Span(30, "days"),
    "loop_closure": Span(30, "days"),
    "critical_parity": Span(30, "days"),
    "recognised": Span(14, "days"),
    # Of figures over a period, how long after its sending a message still leaves marks: deliveries, answers, else FIVE_DAYS.
    **dict.fromkeys(("message_load", "duplicate_load", "out_of_hours"), DAY),
    **dict.fromkeys(("alignment", "advocacy"), WEEK),
}


def window_of(indicator: str) -> Span:
    return WINDOWS.get(indicator, FIVE_DAYS)
