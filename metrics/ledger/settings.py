"""Small facts about this database itself, by name, such as the check value of the key its pseudonyms were made with."""

from sqlalchemy import Connection, select

from metrics.ledger.tables import setting
from metrics.ledger.upsert import insert_new, insert_or_replace


def read_setting(connection: Connection, name: str) -> str | None:
    return connection.execute(select(setting.c.value).where(setting.c.name == name)).scalar_one_or_none()


def keep_setting(connection: Connection, name: str, value: str) -> str:
    """Write it where none stands; what stands then."""
    standing = read_setting(connection, name)
    if standing is not None:
        return standing
    insert_new(connection, setting, [{"name": name, "value": value}])
    return read_setting(connection, name) or value


def write_setting(connection: Connection, name: str, value: str) -> None:
    insert_or_replace(connection, setting, [{"name": name, "value": value}])
