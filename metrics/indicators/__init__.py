"""The written table of indicators: one file each, in the order of the published catalogue."""

from metrics.indicator import Indicator
from metrics.indicators import (
    acknowledged,
    delivered,
    detected,
    opened,
    reach,
    reach_on_time,
    read,
    response,
    time_to_reach,
    unmeasurable,
)

INDICATORS: dict[str, Indicator] = {
    module.INDICATOR.id: module.INDICATOR
    for module in (
        *(delivered, reach, reach_on_time, time_to_reach),
        *(opened, read, acknowledged),
        *(response,),
        *(unmeasurable, detected),
    )
}
