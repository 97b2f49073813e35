"""Fields of the store's own."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class ContentKey(models.OneToOneField[Any, Any]):
    """A primary key that is a content's id. SQLite then keeps the rows in the order of the ids, in the table itself:
    that needs the type "integer" to the letter, where Django says "bigint" and gets an index beside the table."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)
