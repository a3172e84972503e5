"""One row by its key, asked for on every page: the statement is written once for a process.

For the session, the account and the box of a ballot Django spent several times as
long on writing the same statement anew as the database on answering it. A queryset
whose values are left open (:class:`Slot`) is compiled once; its rows become the same
objects as ever. On PostgreSQL the plan is kept too (:mod:`yishi.core.prepared`).
"""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models import query as django_query

from yishi.core.prepared import prepared_cursor

M = TypeVar("M", bound=Model)


class Slot(Expression):
    """A value of a filter that is named when the queryset is written and given when it is asked."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A placeholder, and the slot itself in the place of its value."""
        return "%s", [self]


class _Written(NamedTuple):
    sql: str
    values: tuple[Any, ...]
    model: type[Model]
    names: list[str]
    columns: slice
    related: list[Any]
    converters: list[tuple[int, list[Any], Any]]


class Compiled(Generic[M]):
    """A queryset with slots that gives at most one object."""

    def __init__(self, make: Callable[[], QuerySet[M]]) -> None:
        self.make = make
        self.kept: dict[str, _Written] = {}

    def first(self, **given: Any) -> M | None:
        """The object for these values of the slots; None where there is none.

        Raises:
            ValueError: a value that the slot's field cannot hold.
            KeyError: a slot without its value.
        """
        written = self.kept.get(connection.vendor) or self._write()
        values = [
            v.output_field.get_db_prep_value(given[v.name], connection) if isinstance(v, Slot) else v
            for v in written.values
        ]
        with prepared_cursor() as cursor:
            cursor.execute(written.sql, values)
            found = cursor.fetchone()
        return None if found is None else self._object(written, list(found))

    def _write(self) -> _Written:
        query: Any = self.make().query
        related: Any = django_query.get_related_populators  # type: ignore[attr-defined]
        compiler = query.get_compiler(using="default")
        sql, values = compiler.as_sql()
        info, select = compiler.klass_info, compiler.select
        fields = info["select_fields"]
        columns = slice(fields[0], fields[-1] + 1)
        converters = compiler.get_converters([c[0] for c in select])
        written = self.kept[connection.vendor] = _Written(
            sql, tuple(values), info["model"], [c[0].target.attname for c in select[columns]], columns,
            related(info, select, "default"),
            [(place, called, expression) for place, (called, expression) in converters.items()],
        )  # fmt: skip
        return written

    def _object(self, written: _Written, row: list[Any]) -> M:
        for place, called, expression in written.converters:
            for convert in called:
                row[place] = convert(row[place], expression, connection)
        made: Any = written.model.from_db("default", written.names, row[written.columns])
        for related in written.related:
            related.populate(row, made)
        return made  # type: ignore[no-any-return]
