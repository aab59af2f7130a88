"""What a person chooses on screen, as plain data that a file can keep, and back."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Choice(NamedTuple):
    """One thing that a person chooses.

    Attributes
    ----------
    get : callable
        Returns what is chosen: None, numbers, strings, and lists and dicts of them.
    choose : callable
        Chooses it again. For anything else it raises ValueError, TypeError or LookupError.
    """

    get: Callable[[], Any]
    choose: Callable[[Any], object]


Choices = Mapping[str, Choice]
"""The choices by their names, in the order in which they are made again."""


def chosen(choices: Choices) -> dict[str, Any]:
    """Return what is chosen, as plain data."""
    return {name: choice.get() for name, choice in choices.items()}


def choose_again(choices: Choices, data: object) -> None:
    """Choose what `chosen` has returned, as far as something else is chosen now.

    Whatever is unknown or wrong is left out, one by one.
    """
    if not isinstance(data, Mapping):
        return
    for name, choice in choices.items():
        if name in data and data[name] != choice.get():
            try:
                choice.choose(data[name])
            except (ValueError, TypeError, LookupError, OverflowError):
                continue  # it may be of another version, or for other data


def truth(value: object) -> bool:
    """Return ``value`` if it is true or false.

    Raises
    ------
    TypeError
        If it is neither.
    """
    if not isinstance(value, bool):
        raise TypeError
    return value
