"""What Grafana is told: where it is, who we are there, what is put there. Talking to it is left to `dashboards`."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from config.part import Part
from config.values import Allowed, Refused, Where


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        sound = not value or (parts.scheme in ("http", "https") and bool(parts.hostname))
    except ValueError:
        sound, parts = False, urlsplit("")
    if not sound:
        raise Refused("Write the whole address, as a browser shows it.")
    if parts.username or parts.password:
        raise Refused("A password does not belong in an address: put a service account's token into `token_file`.")
    return value.rstrip("/")


Address = Annotated[str, Allowed("an address such as `https://grafana.example.org`"), AfterValidator(_address)]


class Grafana(Part):
    """The Grafana that dashboards are put into."""

    url: Address = ""
    """Its address. Absent: nothing is put there, and links from alerts to dashboards are paths alone."""
    token_file: Where | None = None
    """A file that holds the token of a service account that may write dashboards and annotations. Absent: nothing is put there."""
    folder: str = "Earshot"
    """The title of the folder that the dashboards stand in; it is made where there is none."""
    datasource: str = ""
    """The uid of its Prometheus data source. Absent: the one that is Grafana's default, else the first Prometheus."""
    annotations: bool = True
    """Whether every message sent becomes an annotation; with its title only where `page.titles` allows it."""
    runbooks: Address = ""
    """Where the pages of `docs/runbooks` can be read. Absent: alerts name the path in this repository."""
