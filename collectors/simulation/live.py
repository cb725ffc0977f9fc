"""The simulated company after its history: events that trickle in as time passes, new messages day after day, without end."""

import json
from pathlib import Path

from collectors.simulation.parameters import DAY
from collectors.simulation.simulate import LIVE_STATE, read_simulated
from collectors.simulation.streams import StreamFiles
from collectors.simulation.timeline import Timeline
from collectors.simulation.world import World


class Live:
    """Continues the streams of a finished simulation. One writer at a time.

    What is written follows from the parameters and the time alone. Lines are written first and the moment they reach to after
    them, so that a writer killed in between repeats some lines and loses none. FileNotFoundError where nothing was simulated,
    ValueError where the state is damaged.
    """

    def __init__(self, directory: Path) -> None:
        simulated = read_simulated(directory)
        if simulated is None:
            raise FileNotFoundError(f"{directory} holds no finished simulation")
        world = World(simulated.parameters)
        self._state = directory / LIVE_STATE
        self._files = StreamFiles(directory, world)
        self._files.mend()
        self._timeline = Timeline(world, self._written_until(simulated.parameters.until_us))

    def append_due(self, now_us: int) -> int:
        """Append every event that became due since the last call, also if that was days ago; how many (repeats and malformed
        ones included). A clock that went back adds nothing."""
        count = 0
        while self._timeline.position < now_us:
            rows = self._timeline.advance(min(now_us, self._timeline.position + DAY))
            self._files.append(rows)
            self._remember()
            count += len(rows)
        return count

    def _written_until(self, otherwise: int) -> int:
        if not self._state.exists():
            return otherwise
        try:
            return int(json.loads(self._state.read_text(encoding="utf-8"))["written_until_us"])
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{self._state} is damaged: simulate again") from error

    def _remember(self) -> None:
        draft = self._state.with_suffix(".draft")
        draft.write_text(json.dumps({"written_until_us": self._timeline.position}), encoding="utf-8")
        draft.replace(self._state)
