"""Models on their way from the child to its parent: columns of plain values, as JSON.

A batch of models is turned into one list a field; a column whose values are all alike is sent as one. That is a
third of the bytes and a fifth of the time of JSON objects, and nothing of it is ever executed, as a pickle's
would be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, partial
from operator import itemgetter
from types import NoneType, UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import AwareDatetime

from playbooks.model import Model
from storage.exports.build import builder

M = TypeVar("M", bound=Model)
Column = Any
"""JSON: [value] for a column of equal ones, [values …], or of a model inside: its own columns."""

BATCH = 500
"""Models in one batch: as many as one unit of work takes in."""


class Codec(Generic[M]):
    """Packs models of one kind into columns and builds them again, unchecked: the child has checked them."""

    def __init__(self, model: type[M]) -> None:
        self.build = builder(model)
        self.fields = fields_of(tuple(model.model_fields))
        self.pick: Callable[[dict[str, Any]], tuple[Any, ...]] = itemgetter(*model.model_fields)
        kinds = [kind_of(field.annotation) for field in model.model_fields.values()]
        self.packs = [packer(kind, many) for kind, many in kinds]
        self.unpacks = [unpacker(kind, many) for kind, many in kinds]

    def pack(self, models: Sequence[M]) -> list[Column]:
        """Columns of at least one model."""
        columns = zip(*[self.pick(model.__dict__) for model in models], strict=True)
        return [pack(column) for pack, column in zip(self.packs, columns, strict=True)]

    def unpack(self, columns: list[Column], count: int) -> list[M]:
        """The `count` models of the columns."""
        values = [unpack(column, count) for unpack, column in zip(self.unpacks, columns, strict=True)]
        return list(map(self.build, map(self.fields, *values)))


def fields_of(names: Sequence[str]) -> Callable[..., dict[str, Any]]:
    """A function of the values in order that makes {name: value}: written out, it takes a third of dict(zip(…))."""
    given = [f"v{at}" for at in range(len(names))]
    pairs = ", ".join(f"{name!r}: {value}" for name, value in zip(names, given, strict=True))
    made: Callable[..., dict[str, Any]] = eval(f"lambda {', '.join(given)}: {{{pairs}}}")  # noqa: S307 - our own models' names
    return made


@cache
def codec(model: type[M]) -> Codec[M]:
    """The codec of a model."""
    return Codec(model)


def kind_of(annotation: Any) -> tuple[Any, bool]:
    """The type a field holds, and whether it holds a tuple of them."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return kind_of(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return kind_of(next(each for each in get_args(annotation) if each is not NoneType))
    if origin is tuple:
        return kind_of(get_args(annotation)[0])[0], True
    return datetime if annotation is AwareDatetime else annotation, False


def is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def packer(kind: Any, many: bool) -> Callable[[Sequence[Any]], Column]:
    """How a column of `kind` is packed; `many`: each value is a tuple of them."""
    if is_model(kind):
        return partial(pack_tuples, codec(kind)) if many else partial(pack_models, codec(kind))
    if issubclass_of(kind, datetime):
        return pack_moments
    if issubclass_of(kind, Decimal):
        return pack_money
    return pack_plain


def unpacker(kind: Any, many: bool) -> Callable[[Column, int], Sequence[Any]]:
    """What undoes `packer`."""
    if is_model(kind):
        return partial(unpack_tuples, codec(kind)) if many else partial(unpack_models, codec(kind))
    if issubclass_of(kind, datetime):
        return unpack_moments
    if issubclass_of(kind, Decimal):
        return unpack_money
    return unpack_tuple_of_plain if many else unpack_plain


def issubclass_of(kind: Any, wanted: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, wanted)


def pack_plain(values: Sequence[Any]) -> Column:
    """One value where all are alike."""
    return [values[0]] if values.count(values[0]) == len(values) else values


def unpack_plain(column: Sequence[Any], count: int) -> Sequence[Any]:
    return [column[0]] * count if len(column) == 1 else column


def unpack_tuple_of_plain(column: Column, count: int) -> Sequence[Any]:
    return unpack_plain([tuple(value) for value in column], count)


def pack_moments(values: Sequence[datetime | None]) -> Column:
    """Whole seconds since 1970 are numbers; what is finer stays text."""
    return pack_plain([value if value is None else seconds(value) for value in values])


def seconds(moment: datetime) -> int | str:
    return moment.isoformat() if moment.microsecond else int(moment.timestamp())


def unpack_moments(column: Column, count: int) -> Sequence[datetime | None]:
    return unpack_plain([value if value is None else moment(value) for value in column], count)


def moment(value: int | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else datetime.fromtimestamp(value, UTC)


def pack_money(values: Sequence[Decimal | None]) -> Column:
    return pack_plain([value if value is None else str(value) for value in values])


def unpack_money(column: Column, count: int) -> Sequence[Decimal | None]:
    return unpack_plain([value if value is None else Decimal(value) for value in column], count)


def pack_models(inner: Codec[Any], values: Sequence[Any]) -> Column:
    """[1, columns] where all are one and the same object, else [count, columns]."""
    first = values[0]
    same = all(value is first for value in values)
    return [1, inner.pack([first])] if same else [len(values), inner.pack(values)]


def unpack_models(inner: Codec[Any], column: Column, count: int) -> Sequence[Any]:
    return unpack_plain(inner.unpack(column[1], column[0]), count)


def pack_tuples(inner: Codec[Any], values: Sequence[tuple[Any, ...]]) -> Column:
    """How many each has, and the columns of all."""
    flat = [each for value in values for each in value]
    return [pack_plain([len(value) for value in values]), len(flat), inner.pack(flat) if flat else []]


def unpack_tuples(inner: Codec[Any], column: Column, count: int) -> Sequence[tuple[Any, ...]]:
    lengths, total, columns = column
    flat = inner.unpack(columns, total) if total else []
    if lengths == [1]:
        return [(each,) for each in flat]
    left = iter(flat)
    return [tuple([next(left) for _ in range(length)]) for length in unpack_plain(lengths, count)]
