"""Where the two lists are that nothing can do without, the messages and the people: the keys. The rest is `config.schema`."""

from typing import Annotated

from pydantic import Field

from config.kafka import Topic
from config.part import Part
from config.values import Allowed, Day, Ratio, Where


class CatalogueSettings(Part):
    """The messages: what was sent, to whom, about what."""

    files: tuple[Where, ...] = ()
    """YAML, JSON or CSV files, folders of them, or globs; watched for changes."""
    topics: tuple[Topic, ...] = ()
    """Topics of Kafka that hold an entry a record, the newest of each key; read whole by `import`."""


class DirectorySettings(Part):
    """The people."""

    files: tuple[Where, ...] = ()
    """CSV, YAML or JSON files, folders of them, or globs; watched for changes."""
    topics: tuple[Topic, ...] = ()
    """Topics of Kafka that hold a row a record, the newest of each key; read whole by `import`."""
    segments: tuple[Annotated[str, Allowed("an attribute of the directory, such as `department`")], ...] = ()
    """The attributes that readings may be broken down by."""
    as_of: dict[str, Day] = Field({})
    """File name to date, for files without a date in their name: when what they say began to be true."""
    largest_loss: Ratio = 0.2
    """A file in which more of the people than this are gone is refused."""
