"""The written table of indicators: one file each, in the order of the published catalogue."""

from config.duration import Span
from config.schema import Settings
from config.wall import DAY_SECONDS
from config.windows import days_needed, period_days
from metrics.indicator import Indicator
from metrics.indicators import (
    acknowledged,
    action,
    action_effect,
    actioned,
    addressable,
    advocacy,
    alignment,
    attention,
    awareness,
    cascade,
    channel_dependence,
    clicked,
    comprehension,
    critical_parity,
    delivered,
    detected,
    duplicate_load,
    goal_awareness,
    joined,
    loop_closure,
    machine_share,
    maturity,
    message_load,
    opened,
    out_of_hours,
    participation,
    period_reach,
    purpose_success,
    reach,
    reach_on_time,
    read,
    readability,
    recognised,
    response,
    segment_gap,
    suppressed,
    time_to_answer,
    time_to_reach,
    topic_balance,
    two_way,
    unmeasurable,
    usefulness,
    voice_reach,
)

_IN_ORDER = (
    *(addressable, delivered, reach, reach_on_time, period_reach, time_to_reach),
    *(message_load, duplicate_load, cascade, channel_dependence, out_of_hours),
    *(opened, read, attention, clicked, acknowledged, comprehension, usefulness),
    *(awareness, goal_awareness, topic_balance, purpose_success, action, action_effect),
    *(alignment, advocacy, readability),
    *(
        response,
        participation,
        time_to_answer,
        loop_closure,
        actioned,
        recognised,
        voice_reach,
        two_way,
        critical_parity,
    ),
    *(segment_gap,),
    *(machine_share, unmeasurable, maturity, suppressed, joined, detected),
)
INDICATORS: dict[str, Indicator] = {module.INDICATOR.id: module.INDICATOR for module in _IN_ORDER}


def own_windows() -> dict[str, Span]:
    """The windows of those that wait for theirs to close; by id."""
    return {
        id: indicator.window
        for id, indicator in INDICATORS.items()
        if indicator.window is not None and not (indicator.items is not None and indicator.items.censored)
    }


def lasting() -> frozenset[str]:
    """Those about feedback items, whose steps are kept, without anybody's name, for as long as these need them."""
    return frozenset(id for id, indicator in INDICATORS.items() if indicator.items is not None)


def steps_kept(settings: Settings) -> int:
    """For how many days after an item's last step its steps are kept: as long as sets are, and as long as a target about feedback may ask
    for them. What is over is shown until something of the next period has settled."""
    asked = [target for target in settings.targets if target.indicator in lasting()]
    needed = [
        days_needed(settings, target, target.window or INDICATORS[target.indicator].window) + period_days(target.period)
        for target in asked
    ]
    return max([settings.retention.sets.seconds(DAY_SECONDS) // DAY_SECONDS, *needed])
