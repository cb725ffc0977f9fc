"""Small facts about this database itself, by name, such as the check value of the key its pseudonyms were made with."""

from sqlalchemy import Connection, select

from metrics.ledger.tables import setting
from metrics.ledger.upsert import insert_or_replace


def read_setting(connection: Connection, name: str) -> str | None:
    return connection.execute(select(setting.c.value).where(setting.c.name == name)).scalar_one_or_none()


def write_setting(connection: Connection, name: str, value: str) -> None:
    insert_or_replace(connection, setting, [{"name": name, "value": value}])
