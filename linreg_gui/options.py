"""The command line: one option for each setting that has one, and nothing known twice."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linreg_gui import __version__, languages
from linreg_gui.environment import YES
from linreg_gui.file_kinds import FileKind, kind_of
from linreg_gui.number_text import shortest
from linreg_gui.settings import (
    DEFAULTS,
    STOP_NUMBERS,
    SYNTHETIC_SETTINGS,
    Choice,
    Init,
    Setting,
    SettingError,
    TrainingConfig,
    parse_numbers,
    parse_setting,
    setting_of,
    settings,
)
from linreg_gui.table_options import (
    OptionError,
    TableRequest,
    add_table_options,
    one_of,
    table_request,
)
from linreg_gui.texts import in_a_row, paragraph, quoted, tr, trn

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from argparse import _ArgumentGroup as Group

BAD_INPUT = 2
"""Exit code for input that the program cannot use."""

_NEW_PREDICTIONS = "new-predictions"

_PROPOSED, _LESSON = "proposed", "lesson"


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
    given : frozenset of str
        The settings that stay as they are. With a table, the others are proposed.
    install_desktop_entry, remove_desktop_entry : bool
        Write or remove the desktop entry and do nothing else.
    exports : tuple of (str, Path)
        Which exports to write after a batch run, and into which files.
    lesson : str
        The lesson to open: the name of a bundled one, or a file; empty for none.
    self_test : bool
        Check that everything works, and do nothing else.
    session : Path or None
        The session to open.
    new_examples : Path or None
        The table that an export predicts for.
    language : str
        The code of the language that was asked for; empty for none.
    """

    batch: Path | None = None
    config: TrainingConfig = DEFAULTS
    table: TableRequest | None = None
    given: frozenset[str] = frozenset()
    install_desktop_entry: bool = False
    remove_desktop_entry: bool = False
    exports: tuple[tuple[str, Path], ...] = ()
    lesson: str = ""
    self_test: bool = False
    session: Path | None = None
    new_examples: Path | None = None
    language: str = ""


def parse_options(arguments: list[str]) -> Options:
    """Read the command line; print and exit for ``--help`` and ``--version``.

    Raises
    ------
    OptionError
        With a sentence for the user.
    """
    if not arguments:  # a double click gives none and should not wait for argparse
        return Options()
    found = _parsed(_with_values_joined(arguments))
    given = {name: getattr(found, name) for name, setting in settings() if setting.option}
    given = {name: text for name, text in given.items() if text is not None}
    session = _session(found, given)
    _check_combination(found, arguments)
    table = table_request(found)
    _check_together(given, table)
    try:
        config = _config(given, table)
    except SettingError as error:
        option = setting_of(error.name).option or setting_of("init").option
        raise OptionError(f"--{option}: {error}") from None
    folder = None if found.batch is None else Path(found.batch)
    kept = given if found.settings == _PROPOSED else (name for name, _ in settings())
    return Options(
        folder,
        config,
        table,
        frozenset(kept),
        found.install_desktop_entry,
        found.remove_desktop_entry,
        tuple((kind, Path(file)) for kind, file in found.export),
        found.lesson,
        found.self_test,
        session,
        None if found.new_examples is None else Path(found.new_examples),
        found.language or "",
    )


def _check_combination(found: "Namespace", arguments: list[str]) -> None:
    if found.self_test and len(arguments) > 1:
        raise OptionError(tr("--self-test takes no other options."))
    if found.batch is not None and not found.batch.strip():
        raise OptionError(tr("--batch needs the name of a folder."))
    if found.export and found.batch is None:
        raise OptionError(tr("--export needs --batch FOLDER."))
    is_predicted = any(kind == _NEW_PREDICTIONS for kind, _ in found.export)
    if is_predicted and found.new_examples is None:
        raise OptionError(tr("--export new-predictions needs --new-examples TABLE."))
    if found.new_examples is not None and not is_predicted:
        raise OptionError(tr("--new-examples needs --export new-predictions FILE."))
    if found.lesson and found.batch is not None:
        raise OptionError(tr("--lesson opens in the window; leave out --batch."))


def _check_together(given: Mapping[str, str], table: TableRequest | None) -> None:
    """Refuse settings that others leave no sense to."""
    for name in SYNTHETIC_SETTINGS if table else ():
        if name in given:
            sentence = tr("--{name} is for drawn examples; leave it out with a table.")
            raise OptionError(sentence.format(name=setting_of(name).option))
    for name, rule in STOP_NUMBERS.items():
        if name in given and given.get("stop_rule") != rule:
            sentence = tr("--{name} needs --{rule_option} {rule}.")
            raise OptionError(
                sentence.format(
                    name=setting_of(name).option,
                    rule_option=setting_of("stop_rule").option,
                    rule=rule,
                )
            )


def _session(found: "Namespace", given: Mapping[str, object]) -> Path | None:
    """Return the session to open. A file that is a session or a lesson is no table."""
    kind = kind_of(Path(found.file)) if found.file else FileKind.TABLE
    if kind is FileKind.SESSION and found.open is None:
        found.open, found.file = found.file, None
    elif kind is FileKind.LESSON and not found.lesson:
        found.lesson, found.file = found.file, None
    if found.open is None:
        return None
    if not found.open.strip():
        raise OptionError(tr("--open needs the name of a session."))
    if found.file is not None or found.csv is not None or found.lesson:
        raise OptionError(tr("Open one of these: a session, a lesson or a table."))
    for name in given:
        words = tr("--{name} cannot change a session; open it in the window and change it there.")
        raise OptionError(words.format(name=setting_of(name).option))
    return Path(found.open)


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
            trn(
                "Give {count} number: a weight for each feature, then the bias.",
                "Give {count} numbers: a weight for each feature, then the bias.",
                features + 1,
            ).format(count=features + 1),
        )
    return {"init": Init.TYPED, "start_weights": tuple(weights), "start_bias": bias}


def _parsed(arguments: list[str]) -> "Namespace":
    """Return what argparse finds; what is wrong is said here, as argparse speaks only English."""
    from argparse import ArgumentError  # noqa: PLC0415 - see `parse_options`

    try:
        found, unknown = _parser().parse_known_args(arguments)
    except ArgumentError as error:
        raise OptionError(_misuse(error.argument_name or "", arguments)) from None
    if unknown:
        words = tr("{argument} is not understood; see --help.")
        raise OptionError(words.format(argument=quoted(unknown[0])))
    for name, choices in (("settings", (_PROPOSED, _LESSON)), ("language", languages.NAMES)):
        if (text := getattr(found, name)) is not None:
            choice = one_of(**{each: each for each in choices})(name, text)
            setattr(found, name, choice)
    return found


def _misuse(names: str, arguments: list[str]) -> str:
    """Say what is wrong with an option that is there, but has not the values that it needs."""
    option = names.rpartition("/")[2]
    if option == "--export":
        return tr("--export needs a KIND and a FILE; see --help.")
    takes_none = option == "--help" or any(each.startswith(f"{option}=") for each in arguments)
    words = tr("{option} needs a value; see --help.")
    if takes_none:
        words = tr("{option} takes no value; see --help.")
    return words.format(option=option)


def _parser() -> "ArgumentParser":
    from argparse import ArgumentParser, HelpFormatter  # noqa: PLC0415 - see `parse_options`

    class Formatter(HelpFormatter):
        def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any = None) -> None:
            super().add_usage(usage, actions, groups, prefix or f"{tr('usage:')} ")

    parser = ArgumentParser(
        prog="linreg-gui",
        description=tr(
            "Linear regression from scratch, on a teacher's screen. "
            "Without --batch the window opens."
        ),
        epilog=tr(
            "Exit codes of --batch: 0 completed, 1 failed, 2 bad input (nothing is written), "
            "3 diverged (the files end with the last finite step), 130 interrupted by Ctrl-C, "
            "143 by SIGTERM."
        ),
        allow_abbrev=False,
        add_help=False,
        exit_on_error=False,
        formatter_class=Formatter,
    )
    _add_commands(parser.add_argument_group(tr("options")))
    add_table_options(parser)
    _add_settings(parser)
    return parser


def _add_commands(parser: "Group") -> None:
    from linreg_gui.lessons.bundled import bundled  # noqa: PLC0415 - see `parse_options`

    parser.add_argument("-h", "--help", action="help", help=tr("show this help"))
    parser.add_argument(
        "--version",
        action="version",
        version=f"LinReg {__version__}",
        help=tr("show the version"),
    )
    parser.add_argument(
        "--install-desktop-entry",
        action="store_true",
        help=tr("add LinReg to the desktop's menu, for this user"),
    )
    parser.add_argument(
        "--remove-desktop-entry",
        action="store_true",
        help=tr("take LinReg out of the desktop's menu again"),
    )
    parser.add_argument(
        YES,
        action="store_true",
        help=tr("let the first start install system packages without asking, as root"),
    )
    parser.add_argument(
        "--self-test",
        action="store_true",
        help=tr(
            "train the lesson, write and read every export, and say whether all is well (exit code "
            "0) or not (1)"
        ),
    )
    parser.add_argument(
        "--batch",
        metavar="FOLDER",
        help=tr(
            "train to the end without a window on screen; write summary.json, trajectory.csv and "
            "window.png into FOLDER"
        ),
    )
    parser.add_argument(
        "--export",
        nargs=2,
        action="append",
        default=[],
        metavar=("KIND", "FILE"),
        help=tr(
            "after --batch also write FILE; a wrong KIND gets the list of all. Can be given again"
        ),
    )
    names = [name.partition("-")[2] for name in bundled()]
    parser.add_argument(
        "--lesson",
        default="",
        metavar="LESSON",
        help=tr("open a lesson: a file, or one of {names}").format(names=in_a_row(names)),
    )
    parser.add_argument(
        "--open",
        metavar="FILE",
        help=tr("open a session, with its settings and data; with --batch train it to the end"),
    )
    parser.add_argument(
        "--new-examples",
        metavar="TABLE",
        help=tr("the table whose rows --export new-predictions FILE predicts, with their features"),
    )
    parser.add_argument(
        languages.OPTION,
        metavar="CODE",
        help=tr("the language: one of {codes} [the system's]").format(
            codes=", ".join(languages.NAMES)
        ),
    )


def _add_settings(parser: "ArgumentParser") -> None:
    group = parser.add_argument_group(tr("settings, the lesson's by default"))
    words = tr(
        "with a table: proposed standardizes if that helps, and sets learning rate, batch size and "
        "epochs so that the run ends near least squares; lesson does not. What you give yourself "
        "stays. [proposed]"
    )
    group.add_argument("--settings", default=_PROPOSED, metavar="WHICH", help=words)
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
    limits = setting.limits()
    limited = tr("Limits: {limits}.").format(limits=limits) if limits else ""
    if name == "init":
        choices = tr("normal, zeros, or numbers: W0,W1,…,B.")
    elif isinstance(default, Choice):
        choices = tr("One of {choices}.").format(choices=in_a_row(type(default)))
    else:
        choices = ""
    numbers = default if isinstance(default, tuple) else (default,)
    shown = default if isinstance(default, str) else ",".join(map(shortest, numbers))
    return f"{paragraph(setting.words().help, choices, limited)} [{shown}]"


def _with_values_joined(arguments: list[str]) -> list[str]:
    """Write ``--weights -2,3`` as ``--weights=-2,3``: argparse takes ``-2,3`` for an option."""
    joined: list[str] = []
    for argument in arguments:
        option, _, value = argument.partition("=")
        if option.startswith("--") and value == "--":  # argparse would make it an empty list
            raise OptionError(tr("{option} needs a value; see --help.").format(option=option))
        if joined and joined[-1].startswith("--") and re.match(r"-[.\d]", argument):
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined
