"""The part of the command line that names a table, and tells how it is written."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from linreg_gui.texts import either, quoted, tr

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


_NAME = re.compile(r' ?(?:"((?:[^"]|"")+)" ?|([^,]*)),')


class OptionError(ValueError):
    """An option that cannot be used; its text is one sentence for the user."""


@dataclass(frozen=True)
class TableRequest:
    """Which columns of which file to train on.

    Attributes
    ----------
    file : Path
        The table.
    features : tuple of str
        Names of columns; empty for the proposed ones.
    target : str
        Name of a column; empty for the proposed one.
    reading : dict
        The fields of the `Dialect` that are given; the others are detected.
    """

    file: Path
    features: tuple[str, ...]
    target: str
    reading: dict[str, Any] = field(default_factory=dict)

    @property
    def names_columns(self) -> bool:
        """Return whether the request names a column, so that nobody has to choose."""
        return bool(self.features or self.target)


class _Reading(NamedTuple):
    """An option that gives a field of the `Dialect`."""

    field: str
    metavar: str
    parse: Callable[[str, str], Any]
    words: Callable[[], str]


def one_of(**values: Any) -> Callable[[str, str], Any]:
    """Return what reads one of these words, or a text that is itself one of their values.

    It is called with the name of the option and the text, and raises `OptionError` for any other.
    """

    def parse(option: str, text: str) -> Any:
        if text.lower() in values:
            return values[text.lower()]
        if text in values.values():
            return text
        words = tr("--{option} can be {words}.")
        raise OptionError(words.format(option=option, words=either(list(values))))

    return parse


def _delimiter(option: str, text: str) -> str:
    if len(text) == 1 and text not in "\r\n":
        return text
    named = one_of(comma=",", semicolon=";", tab="\t", space=" ", fixed="fixed")
    delimiter: str = named(option, text)
    return delimiter


def _encoding(option: str, text: str) -> str:
    try:
        "".encode(text)  # which refuses a codec that is not for text
        return codecs.lookup(text).name
    except (LookupError, ValueError):
        sentence = tr("--{option}: there is no encoding “{name}”; name one like utf-8 or cp1252.")
        raise OptionError(sentence.format(option=option, name=quoted(text))) from None


def _names(option: str, text: str) -> tuple[str, ...]:
    """Split ``a,"b, in cm"`` at commas outside quotes; other quotes are part of a name."""
    line = " ".join(text.split())
    names = [
        (inside.replace('""', '"') or plain).strip() for inside, plain in _NAME.findall(f"{line},")
    ]
    if not names or not all(names):
        raise OptionError(tr("--{option} has an empty name; name columns.").format(option=option))
    return tuple(names)


def _name(option: str, text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise OptionError(tr("--{option} has an empty name; name columns.").format(option=option))
    return name


_READING = {
    "delimiter": _Reading(
        "delimiter",
        "CHAR",
        _delimiter,
        lambda: tr(
            "what stands between the cells: one character, or tab, space, or fixed for columns of "
            "a fixed width [detected]"
        ),
    ),
    "decimal": _Reading(
        "decimal",
        "MARK",
        one_of(point=".", comma=","),
        lambda: tr("the decimal mark: point or comma [detected]"),
    ),
    "encoding": _Reading(
        "encoding",
        "NAME",
        _encoding,
        lambda: tr("the encoding, for example utf-8 or cp1252 [detected]"),
    ),
    "header": _Reading(
        "has_header",
        "ANSWER",
        one_of(yes=True, no=False),
        lambda: tr("whether the first row names the columns: yes or no [detected]"),
    ),
    "sheet": _Reading(
        "sheet",
        "NAME",
        lambda _, text: text,
        lambda: tr("the sheet of a workbook [the first with numbers]"),
    ),
    "hidden-rows": _Reading(
        "hidden_rows",
        "ANSWER",
        one_of(yes=True, no=False),
        lambda: tr("whether to read the hidden rows of a workbook: yes or no [no]"),
    ),
    "hidden-columns": _Reading(
        "hidden_columns",
        "ANSWER",
        one_of(yes=True, no=False),
        lambda: tr("whether to read its hidden columns: yes or no [no]"),
    ),
    "missing": _Reading(
        "missing",
        "A[,B]",
        _names,
        lambda: tr("what stands for a missing value, for example -999"),
    ),
    "sums": _Reading(
        "sums",
        "ANSWER",
        one_of(yes=True, no=False),
        lambda: tr("whether to read rows of sums or means at its end too: yes or no [yes]"),
    ),
}


def add_table_options(parser: "ArgumentParser") -> None:
    """Add the options to ``parser``."""
    group = parser.add_argument_group(tr("your own table, instead of drawn examples"))
    words = tr(
        "a file to open: a session, a lesson, or a table (CSV or other text, .xlsx, .ods, or .gz), "
        "whose columns you choose"
    )
    group.add_argument("file", metavar="FILE", nargs="?", help=words)
    group.add_argument("--csv", metavar="FILE", help=tr("the same, for --batch"))
    words = tr("the columns to predict from, by name [the first with numbers]")
    group.add_argument("--features", metavar="A[,B]", help=words)
    words = tr("the column to predict [the last with numbers]")
    group.add_argument("--target", metavar="Y", help=words)
    for name, each in _READING.items():
        group.add_argument(f"--{name}", metavar=each.metavar, help=each.words())


def table_request(found: "Namespace") -> TableRequest | None:
    """Return what the options ask for; None without a table.

    Raises
    ------
    OptionError
        With a sentence for the user.
    """
    if found.csv is not None and found.file is not None:
        raise OptionError(tr("Name one table: give --csv or a file, not both."))
    file = found.file if found.csv is None else found.csv
    if file is None:
        for name in ("features", "target", *_READING):
            if _value(found, name) is not None:
                sentence = tr("--{name} is about a table: give the table with --csv.")
                raise OptionError(sentence.format(name=name))
        return None
    if not file.strip():
        raise OptionError(tr("The name of the table is empty; name a file."))
    features = () if found.features is None else _names("features", found.features)
    target = "" if found.target is None else _name("target", found.target)
    reading = {
        each.field: each.parse(name, text)
        for name, each in _READING.items()
        if (text := _value(found, name)) is not None
    }
    return TableRequest(Path(file), features, target, reading)


def _value(found: "Namespace", option: str) -> str | None:
    text: str | None = getattr(found, option.replace("-", "_"))
    return text
