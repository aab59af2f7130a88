"""What has told a text, as plain data of JSON, so that what is saved can be told again.

A telling is a list: the name of a function that is `tellable`, what it was given, and last, in an
object, what it was given by name. These are texts and numbers; a text that was told is a telling
itself. docs/session-format.md describes them.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from linreg_gui.languages import TELLERS, Told, english_texts

_SUFFIX = "_told"
_LONGEST_TELLING, _LONGEST_TEXT = 10_000, 10_000
_MOST_DIGITS = 1000
"""Of what stands after the first number: how many decimals or letters are wanted."""

_LOOKED_UP = {"tr": slice(0, 1), "trc": slice(1, 2), "trn": slice(0, 2)}
"""The functions that look texts up, and where these stand. Only they are ever formatted."""

_FAULTS = (
    ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError,
)  # fmt: skip


def with_tellings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``values`` with a telling beside each text that has one, for `told_value`.

    Beside a list of texts is a list, with null for a text that has none.
    """
    told: dict[str, Any] = {}
    for name, value in values.items():
        is_list = isinstance(value, list | tuple)
        told[name] = _within(value)
        tellings = [_telling(each) for each in (value if is_list else [value])]
        if any(tellings):
            told[name + _SUFFIX] = tellings if is_list else tellings[0]
    return told


def told_value(values: Mapping[str, Any], name: str, most: int | None = None) -> Any:
    """Return a text, or a list of texts, in the language of now as far as its telling is ours.

    Whoever wrote the telling: it calls only what is `tellable`, and formats only our own texts. Of
    a list, ``most`` is how many texts are wanted.
    """
    value, telling = values.get(name), values.get(name + _SUFFIX)
    if not isinstance(value, list):
        return _told_again(value, telling)
    if not isinstance(telling, list) or len(telling) != len(value):
        telling = [None] * len(value)
    return list(map(_told_again, value[:most], telling))


def _within(value: Any) -> Any:
    if isinstance(value, Mapping):
        return with_tellings(value)
    return list(map(_within, value)) if isinstance(value, list | tuple) else value


def _telling(text: Any) -> list[Any] | None:
    """Return the telling of a text; None if it has none."""
    if not isinstance(text, Told):
        return None
    tell, given, named = text.told_by
    parts = [tell.__name__.lstrip("_"), *map(_given, given)]
    parts += [{name: _given(each) for name, each in named.items()}] if named else []
    try:
        return parts if len(json.dumps(parts, allow_nan=False)) <= _LONGEST_TELLING else None
    except (TypeError, ValueError):  # of something that JSON does not have
        return None


def _given(value: Any) -> Any:
    return _telling(value) or value


def _told_again(text: Any, telling: Any) -> Any:
    if not isinstance(text, str) or telling is None:
        return text
    try:
        fits = len(json.dumps(telling)) <= _LONGEST_TELLING
        return _told(telling) if fits else text
    except _FAULTS:
        return text


def _told(telling: Any) -> str:
    name, *given = telling
    named = given.pop() if given and isinstance(given[-1], dict) else {}
    if name in _LOOKED_UP and (named or not english_texts().issuperset(given[_LOOKED_UP[name]])):
        raise ValueError
    if name == "format" and given[0][0] not in _LOOKED_UP:
        raise ValueError
    is_free = name in {"format", "trn"}
    texts = [_checked(each, is_free or not place) for place, each in enumerate(given)]
    told = TELLERS[name](*texts, **{key: _checked(each, is_free) for key, each in named.items()})
    if len(told) > _LONGEST_TEXT:
        raise ValueError
    return told


def _checked(given: Any, is_free: bool) -> str | float:
    """Return a text or a number; one that is not ``is_free`` must be small."""
    if isinstance(given, list):
        return _told(given)
    if isinstance(given, str):
        return given
    if not isinstance(given, int | float) or not math.isfinite(given):
        raise TypeError
    if not is_free and not 0 <= given <= _MOST_DIGITS:
        raise ValueError
    return given
