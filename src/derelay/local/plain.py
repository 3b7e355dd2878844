"""Frozen dataclasses to values that JSON knows, and back with every value checked."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class PlainError(ValueError):
    """A value is missing or of another kind than expected; the message says where."""


def lower(value: Any) -> Any:
    """Return ``value`` with dataclasses turned into dicts and tuples into lists."""
    if is_dataclass(value):
        return {field.name: lower(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: lower(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [lower(each) for each in value]
    return value


def lift(kind: type[T], value: object, place: str = "result") -> T:
    """Return the ``kind``, a dataclass, that `lower` made ``value`` from.

    Keys that ``kind`` does not know are left aside: a later version may have added them.

    Raises
    ------
    PlainError
        If a key is missing, or a value is of another kind.
    """
    lifted: T = _lift(kind, value, place)
    return lifted


def _lift(kind: Any, value: Any, place: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if is_dataclass(kind) and isinstance(value, dict):
        hints = get_type_hints(kind)
        missing = [field.name for field in fields(kind) if field.name not in value]
        if missing:
            raise PlainError(f"{place} lacks {', '.join(missing)}")
        return kind(**{key: _lift(hint, value[key], f"{place}.{key}") for key, hint in hints.items()})  # type: ignore[operator]
    if origin is tuple and isinstance(value, list):
        return tuple(_lift(arguments[0], each, f"{place}[{index}]") for index, each in enumerate(value))
    if origin is dict and isinstance(value, dict):
        return {key: _lift(arguments[1], each, f"{place}.{key}") for key, each in value.items()}
    if origin is UnionType:
        if value is None and NoneType in arguments:
            return None
        return _lift(arguments[0], value, place)
    if kind is float and type(value) in (int, float):
        return float(value)
    if type(value) is kind:
        return value
    raise PlainError(f"{place} is {value!r}, expected {getattr(kind, '__name__', kind)}")
