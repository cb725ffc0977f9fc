"""The written table of decoders: the name an operator gives (`sources[].decoder`) to what makes one. One file a system;
none imports another."""

from collectors.decoder import MakeDecoder
from collectors.decoders.access_log import AccessLog
from collectors.decoders.cloudevents import CloudEvents
from collectors.decoders.sendgrid import SendGrid

DECODERS: dict[str, MakeDecoder] = {
    "access_log": AccessLog,
    "cloudevents": CloudEvents,
    "sendgrid": SendGrid,
}
