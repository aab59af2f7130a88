"""The values of an object in JSON, each checked for its type and limits before it is used."""

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.tellings import told_value
from linreg_gui.texts import shortened, without_marks

LARGEST_WHOLE = 2**53
_LONGEST_TEXT = 10_000
_LONGEST_SENTENCE = 1000
_MOST_SENTENCES = 20
_MOST_ITEMS = 200_000
_BREAKABLE = dict.fromkeys(map(ord, "\u00a0\u202f"), " ")
"""Blanks that keep a line from ending, as before a percent sign, as cleaned text has them."""

_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", bound=StrEnum)


class WrongPartError(ValueError):
    """A value is missing or wrong; the message is its name."""


class Fields:
    """The values of an object by name. Unknown ones are ignored.

    Parameters
    ----------
    values : dict
        As `json.loads` returns it.
    path : str
        Where the object is inside of another one.

    Attributes
    ----------
    values : mapping
        All of them.

    Raises
    ------
    WrongPartError
        From every method, if a value is missing, of another type, or out of its limits.
    """

    def __init__(self, values: Any, path: str = "") -> None:
        if not isinstance(values, dict):
            raise WrongPartError(path)
        self.values: Mapping[str, Any] = values
        self._path = path

    def has(self, name: str) -> bool:
        """Return whether the value is there and not null, which it may be."""
        if name not in self.values:
            raise self.wrong(name)
        return self.values[name] is not None

    def optional(self, name: str, read: Callable[[str], _Value]) -> _Value | None:
        """Return what ``read``, a method of this object, reads; None for null."""
        return read(name) if self.has(name) else None

    def wrong(self, name: str) -> WrongPartError:
        """Return the error that a value is missing or wrong."""
        return WrongPartError(self._path + name)

    def text(self, name: str, most: int = _LONGEST_TEXT) -> str:
        """Return a text."""
        value = self.values.get(name)
        if not isinstance(value, str) or len(value) > most:
            raise self.wrong(name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self.items(name)
        return tuple(Fields({name: value}, self._path).text(name) for value in values)

    def sentence(self, name: str) -> str:
        """Return a text for the screen: one of ours as it is, any other cleaned and shortened.

        If what has told it is beside it, it is in the language of now.
        """
        self.text(name)
        text: str = told_value(self.values, name)
        clean = shortened(text, _LONGEST_SENTENCE)
        is_ours = without_marks(text.translate(_BREAKABLE)) == without_marks(clean)
        return text if is_ours else clean

    def sentences(self, name: str) -> tuple[str, ...]:
        """Return a list of such texts, without what are more than a person would read."""
        self.items(name)
        values = told_value(self.values, name, _MOST_SENTENCES)
        return tuple(Fields({name: value}, self._path).sentence(name) for value in values)

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self.values.get(name)
        if not isinstance(value, bool):
            raise self.wrong(name)
        return value

    def count(self, name: str, least: int = 0, most: int = LARGEST_WHOLE) -> int:
        """Return a whole number."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.wrong(name)
        return value

    def number(self, name: str) -> float:
        """Return a finite number."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(name)
        try:
            number = float(value)
        except OverflowError:
            raise self.wrong(name) from None
        if not math.isfinite(number):
            raise self.wrong(name)
        return number

    def choices(self, name: str, kind: type[_Choice]) -> tuple[_Choice, ...]:
        """Return a list of values of an enumeration."""
        return tuple(
            Fields({name: text}, self._path).choice(name, kind) for text in self.texts(name)
        )

    def choice(self, name: str, kind: type[_Choice]) -> _Choice:
        """Return a value of an enumeration."""
        text = self.text(name)
        if text not in [each.value for each in kind]:
            raise self.wrong(name)
        return kind(text)

    def numbers(self, name: str, *shape: int) -> DoubleArray:
        """Return an array of finite numbers; -1 in ``shape`` stands for any length."""
        self.items(name)
        try:
            array = np.array(self.values[name])
        except ValueError:  # some rows are longer than others
            raise self.wrong(name) from None
        if array.size == 0 and len(shape) == 1:
            array = np.empty(0)
        if array.dtype.kind not in "if" or array.ndim != len(shape):
            raise self.wrong(name)
        fits = all(want in {-1, length} for want, length in zip(shape, array.shape, strict=True))
        if not fits or not np.isfinite(array).all():
            raise self.wrong(name)
        return array.astype(np.float64)

    def items(self, name: str) -> Sequence[Any]:
        """Return a list of anything."""
        value = self.values.get(name)
        if not isinstance(value, list) or len(value) > _MOST_ITEMS:
            raise self.wrong(name)
        return value

    def inside(self, name: str) -> "Fields":
        """Return the object that is the value."""
        if not isinstance(self.values.get(name), dict):
            raise self.wrong(name)
        return Fields(self.values[name], f"{self._path}{name}.")

    def each_inside(self, name: str) -> "list[Fields]":
        """Return the objects of a list."""
        return [Fields({"": value}, f"{self._path}{name}").inside("") for value in self.items(name)]
