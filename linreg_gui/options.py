"""The command line: one option for each setting that has one, and nothing known twice."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from linreg_gui import __version__
from linreg_gui.settings import (
    DEFAULTS,
    SYNTHETIC_SETTINGS,
    Init,
    Setting,
    SettingError,
    TrainingConfig,
    format_setting,
    parse_numbers,
    parse_setting,
    setting_of,
    settings,
)
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

BAD_INPUT = 2
"""Exit code for input that the program cannot use."""

INTERRUPTED = 130
"""Exit code after Ctrl-C."""


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
    """

    file: Path
    features: tuple[str, ...]
    target: str

    @property
    def names_columns(self) -> bool:
        """Return whether the request names a column, so that nobody has to choose."""
        return bool(self.features or self.target)


@dataclass(frozen=True)
class Options:
    """What the command line asks for.

    Attributes
    ----------
    batch : Path or None
        Train without a window on screen and write into this folder.
    config : TrainingConfig
        The settings to begin with, without the table.
    table : TableRequest or None
        The table to train on instead of drawn examples.
    install_desktop_entry : bool
        Write the desktop entry and do nothing else.
    """

    batch: Path | None = None
    config: TrainingConfig = DEFAULTS
    table: TableRequest | None = None
    install_desktop_entry: bool = False


def parse_options(arguments: list[str]) -> Options:
    """Read the command line; print and exit for ``--help`` and ``--version``.

    Raises
    ------
    OptionError
        With a sentence for the user.
    """
    if not arguments:  # a double click gives none and should not wait for argparse
        return Options()
    found = _parser().parse_args(_with_values_joined(arguments))
    if found.batch is not None and not found.batch.strip():
        raise OptionError(tr("--batch needs the name of a folder."))
    given = {name: getattr(found, name) for name, setting in settings() if setting.option}
    given = {name: text for name, text in given.items() if text is not None}
    table = _table(found, given)
    try:
        config = _config(given, table)
    except SettingError as error:
        option = setting_of(error.name).option or setting_of("init").option
        raise OptionError(f"--{option}: {error}") from None
    folder = None if found.batch is None else Path(found.batch)
    return Options(folder, config, table, found.install_desktop_entry)


def _table(found: "Namespace", given: dict[str, Any]) -> TableRequest | None:
    if found.csv is not None and found.file is not None:
        raise OptionError(tr("Name one table: give --csv or a file, not both."))
    file = found.file if found.csv is None else found.csv
    if file is None:
        for name in ("features", "target"):
            if getattr(found, name) is not None:
                sentence = tr("--{name} names a column: give its table with --csv.")
                raise OptionError(sentence.format(name=name))
        return None
    for name in SYNTHETIC_SETTINGS:
        if name in given:
            sentence = tr("--{name} is for drawn examples; leave it out with a table.")
            raise OptionError(sentence.format(name=setting_of(name).option))
    if not file.strip():
        raise OptionError(tr("The name of the table is empty; name a file."))
    features = () if found.features is None else _names("features", found.features)
    target = ("",) if found.target is None else _names("target", f'"{found.target}"')
    return TableRequest(Path(file), features, target[0])


def _names(option: str, text: str) -> tuple[str, ...]:
    """Split ``a,"b, in cm"`` as a line of a table."""
    import csv  # noqa: PLC0415 - see `parse_options`

    line = " ".join(text.splitlines())
    names = [name.strip() for name in next(csv.reader([line], skipinitialspace=True), ())]
    if not names or not all(names):
        raise OptionError(tr("--{option} has an empty name; name columns.").format(option=option))
    return tuple(names)


def _config(given: dict[str, Any], table: TableRequest | None) -> TrainingConfig:
    values: dict[str, Any] = {
        name: value if isinstance(value, bool) else parse_setting(name, value)
        for name, value in given.items()
        if name != "init"
    }
    if "init" in given:
        weights = values.get("true_weights", DEFAULTS.true_weights)
        values |= _start(given["init"], len(table.features) if table else len(weights))
    return TrainingConfig(**values)


def _start(text: str, features: int) -> dict[str, Any]:
    if text in (Init.NORMAL, Init.ZEROS):
        return {"init": Init(text)}
    if not features:
        raise SettingError(
            "init", tr("With a table, a start in numbers needs --features: one number for each.")
        )
    try:
        *weights, bias = parse_numbers(text)
    except ValueError:
        raise SettingError(
            "init", tr("Give normal, zeros, or numbers: W0,W1,…,B, as in 0,0,0.")
        ) from None
    if len(weights) != features:
        raise SettingError(
            "init",
            tr("Give {count} numbers: a weight for each feature, then the bias.").format(
                count=features + 1
            ),
        )
    return {"init": Init.TYPED, "start_weights": tuple(weights), "start_bias": bias}


def _parser() -> "ArgumentParser":
    from argparse import ArgumentParser  # noqa: PLC0415 - see `parse_options`

    class Parser(ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise OptionError(f"{message}; see --help.")

    parser = Parser(
        prog="linreg-gui",
        description=tr(
            "Linear regression from scratch, on a teacher's screen. "
            "Without --batch the window opens."
        ),
        epilog=tr(
            "Exit codes of --batch: 0 completed, 1 failed, 2 bad input (nothing is written), "
            "3 diverged (the files end with the last finite step), 130 interrupted."
        ),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"LinReg {__version__}")
    parser.add_argument(
        "--install-desktop-entry",
        action="store_true",
        help=tr("add LinReg to the desktop's menu, for this user"),
    )
    parser.add_argument(
        "--batch",
        metavar="FOLDER",
        help=tr(
            "train to the end without a window on screen; write summary.json, trajectory.csv and "
            "window.png into FOLDER"
        ),
    )
    group = parser.add_argument_group(tr("your own table, instead of drawn examples"))
    words = tr("a table to open: CSV or other text, .xlsx, or .gz; you choose its columns")
    group.add_argument("file", metavar="TABLE", nargs="?", help=words)
    group.add_argument("--csv", metavar="FILE", help=tr("the same, for --batch"))
    words = tr("the columns to predict from, by name [the first with numbers]")
    group.add_argument("--features", metavar="A[,B]", help=words)
    words = tr("the column to predict [the last with numbers]")
    group.add_argument("--target", metavar="Y", help=words)
    _add_settings(parser)
    return parser


def _add_settings(parser: "ArgumentParser") -> None:
    group = parser.add_argument_group(tr("settings, the lesson's by default"))
    for name, setting in settings():
        if not setting.option:
            continue
        words = _help(name, setting).replace("%", "%%")
        if isinstance(getattr(DEFAULTS, name), bool):
            group.add_argument(
                f"--{setting.option}", dest=name, action="store_true", default=None, help=words
            )
        else:
            group.add_argument(f"--{setting.option}", dest=name, metavar=_metavar(name), help=words)


def _metavar(name: str) -> str:
    special = {"init": "START", "true_weights": "W0[,W1]"}
    return special.get(name, name.rsplit("_", 1)[-1].upper())


def _help(name: str, setting: Setting) -> str:
    default = getattr(DEFAULTS, name)
    if isinstance(default, bool):
        return setting.words().help
    choices = {
        "init": tr(" normal, zeros, or numbers: W0,W1,…,B."),
        "engine": " " + ", ".join(type(DEFAULTS.engine)) + ".",
    }.get(name, "")
    limits = f" {setting.limits()}." if setting.limits() else ""
    shown = format_setting(default).replace(", ", ",")
    return f"{setting.words().help}{choices}{limits} [{shown}]"


def _with_values_joined(arguments: list[str]) -> list[str]:
    """Write ``--weights -2,3`` as ``--weights=-2,3``: argparse takes ``-2,3`` for an option."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1].startswith("--") and re.match(r"-[.\d]", argument):
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined
