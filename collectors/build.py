"""From the settings of a source to its intake: the decoder, the files, the door. What is handed over goes where the caller says."""

from collections.abc import Callable
from dataclasses import dataclass

from collectors.decoder import Decoder
from collectors.decoders import DECODERS
from collectors.events import Collected
from collectors.files import FileSource
from collectors.identity import Pseudonymiser
from collectors.kafka import KafkaSource
from collectors.loop import Intake
from collectors.source import Source
from config.schema import KafkaSettings, SourceSettings

_ON_DEFAULTS = KafkaSettings()


@dataclass(frozen=True)
class Needs:
    """What every intake is given. `as_of`: only what was received (else occurred) by then comes in; `finish`: nobody will look
    again, so a last line without an end is read as it is; `kafka`: how Kafka is reached; `neighbours`: those that are
    polled in turn with each source."""

    pseudonym: Pseudonymiser
    hand_over: Callable[[Collected], None]
    now: Callable[[], int]
    as_of: int | None = None
    finish: bool = False
    kafka: KafkaSettings = _ON_DEFAULTS
    neighbours: int = 0


def make_decoder(settings: SourceSettings) -> Decoder:
    """ValueError where its options are refused; `check` has said so before."""
    return DECODERS[settings.decoder](settings.options)


def make_source(settings: SourceSettings, needs: Needs) -> Source:
    """Where a source's records come from, not started yet."""
    origin = settings.origin
    if origin.files is not None:
        return FileSource(settings.name, origin.files, finish=needs.finish)
    return KafkaSource(settings.name, needs.kafka, origin, now=needs.now, neighbours=needs.neighbours)


def make_intake(settings: SourceSettings, needs: Needs, source: Source, *, paused: bool) -> Intake:
    """The intake of one source, not started yet."""
    return Intake(
        source=source,
        decoder=make_decoder(settings),
        name=settings.name,
        channel=settings.channel,
        pseudonym=needs.pseudonym,
        hand_over=needs.hand_over,
        now=needs.now,
        as_of=needs.as_of,
        paused=paused,
    )


def shows(settings: SourceSettings) -> frozenset[str]:
    """The actions a source is able to show: as configured, else as its decoder can."""
    shown = frozenset(settings.shows) if settings.shows is not None else make_decoder(settings).shows
    return shown if settings.delivered else shown - {"delivered"}
