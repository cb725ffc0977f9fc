"""Where the road's time goes, by sampling: every few milliseconds of CPU time a signal looks at what is being done. A profiler that counts
calls would make the many small ones look dear."""

import signal
from collections import Counter
from collections.abc import Callable
from types import FrameType

_EVERY_SECONDS = 0.002

# The innermost frame whose file begins so says the stage; what none of them covers is the loop between them.
_STAGES = {
    "collectors/file": "reading files",
    "collectors/decoders/": "decoding",
    "collectors/unwrap": "decoding",
    "collectors/door": "the door",
    "metrics/translation": "making facts",
    "metrics/ledger/writer": "writing",
    "metrics/ledger/folding": "folding",
}
_ELSE = "the loop, and starting"


def measure_stages(work: Callable[[], object]) -> dict[str, float]:
    """The share of CPU time in each stage; they sum to 1. Only in the main thread."""
    seen: Counter[str] = Counter(dict.fromkeys((*_STAGES.values(), _ELSE), 0))

    def look(_: int, frame: FrameType | None) -> None:
        seen[_stage(frame)] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _EVERY_SECONDS, _EVERY_SECONDS)
    try:
        work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return {stage: count / max(seen.total(), 1) for stage, count in seen.items()}


def _stage(frame: FrameType | None) -> str:
    while frame is not None:
        for beginning, stage in _STAGES.items():
            if f"/{beginning}" in frame.f_code.co_filename:
                return stage
        frame = frame.f_back
    return _ELSE
