"""The written table of indicators: one file each, in the order of the published catalogue."""

from metrics.indicator import Indicator
from metrics.indicators import (
    acknowledged,
    advocacy,
    alignment,
    awareness,
    channel_dependence,
    delivered,
    detected,
    duplicate_load,
    goal_awareness,
    message_load,
    opened,
    out_of_hours,
    participation,
    period_reach,
    reach,
    reach_on_time,
    read,
    response,
    time_to_reach,
    topic_balance,
    two_way,
    unmeasurable,
    voice_reach,
)

_IN_ORDER = (
    *(delivered, reach, reach_on_time, period_reach, time_to_reach),
    *(message_load, duplicate_load, channel_dependence, out_of_hours),
    *(opened, read, acknowledged),
    *(awareness, goal_awareness, topic_balance, alignment, advocacy),
    *(response, participation, voice_reach, two_way),
    *(unmeasurable, detected),
)
INDICATORS: dict[str, Indicator] = {module.INDICATOR.id: module.INDICATOR for module in _IN_ORDER}
