"""The command line: one option for each setting that has one, and nothing known twice."""

import argparse
from pathlib import Path
from typing import Any, NoReturn

from linreg_gui import __version__
from linreg_gui.options import OptionError, Options, TableRequest
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
    settings,
)
from linreg_gui.texts import tr


def read_options(arguments: list[str]) -> Options:
    """Read the command line; print and exit for ``--help`` and ``--version``.

    Raises
    ------
    OptionError
        With a sentence for the user.
    """
    parser = _parser()
    found = parser.parse_args(_joined(arguments, parser))
    given = {name: getattr(found, name) for name, setting in settings() if setting.option}
    given = {name: text for name, text in given.items() if text is not None}
    table = _table(found, given)
    try:
        config = _config(given, table)
    except SettingError as error:
        option = dict(settings())[error.name].option or dict(settings())["init"].option
        raise OptionError(f"--{option}: {error}") from None
    return Options(found.batch, config, table, found.install_desktop_entry)


def _table(found: argparse.Namespace, given: dict[str, Any]) -> TableRequest | None:
    if found.csv is not None and found.file is not None:
        raise OptionError(tr("Name one table: give --csv or a file, not both."))
    file = found.file if found.csv is None else found.csv
    if file is None:
        for name in ("features", "target"):
            if getattr(found, name) is not None:
                raise OptionError(tr("--{name} names a column: give its table with --csv.").format(
                    name=name
                ))  # fmt: skip
        return None
    for name in SYNTHETIC_SETTINGS:
        if name in given:
            raise OptionError(
                tr("--{name} is for examples that are drawn; leave it out with a table.").format(
                    name=dict(settings())[name].option
                )
            )
    if not file.strip():
        raise OptionError(tr("The name of the table is empty; name a file."))
    features = () if found.features is None else _names("features", found.features)
    target = ("",) if found.target is None else _names("target", f'"{found.target}"')
    return TableRequest(Path(file), features, target[0])


def _names(option: str, text: str) -> tuple[str, ...]:
    """Split ``a,"b, in cm"`` as a line of a table."""
    import csv  # noqa: PLC0415 - only who names columns waits for it

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
        raise SettingError("init", tr("With a table, numbers need --features: one for each."))
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


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise OptionError(f"{message}; see --help.")


def _parser() -> _Parser:
    parser = _Parser(
        prog="linreg-gui",
        description=tr(
            "Linear regression from scratch, on a teacher's screen. "
            "Without --batch the window opens."
        ),
        epilog=tr(
            "Exit codes of --batch: 0 completed, 1 failed, 2 bad input (nothing is written), "
            "3 diverged (files hold all steps up to the last finite one), 130 interrupted."
        ),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"LinReg {__version__}")
    parser.add_argument(
        "--install-desktop-entry",
        action="store_true",
        help=tr("put LinReg into the desktop's menu, for this user"),
    )
    parser.add_argument(
        "--batch",
        metavar="FOLDER",
        type=_folder,
        help=tr(
            "train to the end with nobody at the screen; write summary.json, trajectory.csv and "
            "window.png into FOLDER"
        ),
    )
    _add_table(parser)
    group = parser.add_argument_group(tr("settings, the lesson's by default"))
    for name, setting in settings():
        if isinstance(getattr(DEFAULTS, name), bool) and setting.option:
            group.add_argument(
                f"--{setting.option}",
                dest=name,
                action="store_true",
                default=None,
                help=tr(setting.help).replace("%", "%%"),
            )
        elif setting.option:
            group.add_argument(
                f"--{setting.option}",
                dest=name,
                metavar=_metavar(name),
                help=_help(name, setting).replace("%", "%%"),
            )
    return parser


def _add_table(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(tr("a table of your own, instead of drawn examples"))
    group.add_argument(
        "file",
        metavar="TABLE",
        nargs="?",
        help=tr("a table to open: CSV or other text, .xlsx, or .gz; you choose its columns"),
    )
    group.add_argument("--csv", metavar="FILE", help=tr("the same, for --batch"))
    group.add_argument(
        "--features",
        metavar="A[,B]",
        help=tr("the columns to predict from, by name [the first with numbers]"),
    )
    group.add_argument(
        "--target",
        metavar="Y",
        help=tr("the column to predict [the last with numbers]"),
    )


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError(tr("it needs the name of a folder"))
    return Path(text)


def _metavar(name: str) -> str:
    return {
        "init": "START",
        "true_weights": "W0[,W1]",
        "engine": "ENGINE",
    }.get(name, name.rsplit("_", 1)[-1].upper())


def _help(name: str, setting: Setting) -> str:
    choices = {
        "init": tr(" normal, zeros, or numbers: W0,W1,…,B."),
        "engine": " " + ", ".join(type(DEFAULTS.engine)) + ".",
    }.get(name, "")
    limits = f" {setting.limits()}." if setting.limits() else ""
    default = format_setting(getattr(DEFAULTS, name)).replace(", ", ",")
    return f"{tr(setting.help)}{choices}{limits} [{default}]"


def _joined(arguments: list[str], parser: argparse.ArgumentParser) -> list[str]:
    """Write ``--weights -2,3`` as ``--weights=-2,3``: argparse takes ``-2,3`` for an option."""
    takes_value = {
        option
        for action in parser._actions  # noqa: SLF001 - argparse has no public list of its options
        if action.nargs is None
        for option in action.option_strings
    }
    joined: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        value = next(rest, None) if argument in takes_value else None
        joined.append(argument if value is None else f"{argument}={value}")
    return joined
