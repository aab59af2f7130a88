"""The list of exports: each one is in the menu, and can be asked for on the command line."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linreg_gui import plots
from linreg_gui.texts import in_a_row, tr
from linreg_gui.widgets.exports import numbers, picture_kinds, programs

if TYPE_CHECKING:
    from linreg_gui.widgets.session import Session
    from linreg_gui.widgets.window.main_window import MainWindow

Writing = Generator[float, None, str | None]
"""Writes a file piece by piece, each a few milliseconds; yields which share of it is done.

It may return a sentence on what a reader of the file has to know.
"""


class ExportError(Exception):
    """What cannot be exported, with a sentence for the user."""


def no_run(session: "Session") -> str:
    """Say that there is no step to export yet; empty if there is one."""
    run = session.controller.run
    if run is None or not run.history.step:
        return tr("There are no steps yet; press Run first.")
    return ""


def never(_session: "Session") -> str:
    """Say nothing: this can always be exported."""
    return ""


@dataclass(frozen=True)
class ExportKind:
    """A kind of file.

    Attributes
    ----------
    name : str
        On the command line.
    words : callable
        Returns the words in the menu.
    suffixes : tuple of str
        With their dots. A name without any of them gets the first.
    write : callable
        From the window, the file, its options and the suffix that was asked for to a `Writing`. It
        may overwrite the file, which is a draft: what has this name at last is written completely
        or not at all. GUI thread. Raises `OSError` or `ExportError`.
    obstacle : callable
        Says why the session has nothing to export now; empty if it has.
    ask : callable or None
        From the window to the options that a person chooses; None if they gave up.
    read : callable or None
        From the window and a file named on the command line to the options. Raises `ExportError`.
    in_menu : bool
        Whether the menu of exports has it; if not, it has a place elsewhere.
    """

    name: str
    words: Callable[[], str]
    suffixes: tuple[str, ...]
    write: "Callable[[MainWindow, Path, Any, str], Writing]"
    obstacle: "Callable[[Session], str]" = never
    ask: "Callable[[MainWindow], Any | None] | None" = None
    read: "Callable[[MainWindow, Path], Any] | None" = None
    in_menu: bool = True


EXPORTS: tuple[ExportKind, ...] = (
    ExportKind(
        "trajectory",
        lambda: tr("Trajectory: each step in a table…"),
        (".csv",),
        numbers.write_trajectory,
        no_run,
        numbers.ask_dialect,
    ),
    ExportKind(
        "examples",
        lambda: tr("Examples: with predictions and residuals…"),
        (".csv",),
        numbers.write_examples,
        no_run,
        numbers.ask_dialect,
    ),
    ExportKind(
        "runs",
        lambda: tr("Kept runs: settings, outcome and parameters…"),
        (".csv",),
        numbers.write_runs,
        numbers.no_kept_run,
        numbers.ask_dialect,
    ),
    ExportKind(
        "sweep",
        lambda: tr("Sweep: how each of its runs ended…"),
        (".csv",),
        numbers.write_sweep,
        numbers.no_sweep,
        numbers.ask_dialect,
    ),
    ExportKind(
        "new-predictions",
        lambda: tr("Predictions for a table of new examples…"),
        (".csv",),
        numbers.write_new_predictions,
        no_run,
        numbers.ask_new_examples,
        numbers.read_new_examples,
    ),
    ExportKind(
        "report",
        lambda: tr("Report: the run on one page…"),
        (".pdf", ".html"),
        numbers.write_report,
        no_run,
        numbers.ask_name,
    ),
    ExportKind(
        "script",
        lambda: tr("Script: the run as a Python program…"),
        (".py",),
        programs.write_script,
        programs.no_program,
    ),
    ExportKind(
        "notebook",
        lambda: tr("Notebook: the run with formulas, for Jupyter…"),
        (".ipynb",),
        programs.write_notebook,
        programs.no_program,
    ),
    ExportKind(
        "picture",
        lambda: tr("Save the picture…"),
        picture_kinds.FORMATS,
        picture_kinds.write_picture,
        picture_kinds.nothing_drawn,
        picture_kinds.ask_picture,
        in_menu=False,
    ),
    *(
        ExportKind(
            name,
            partial(picture_kinds.words_for, name),
            picture_kinds.FORMATS,
            partial(picture_kinds.write_picture, name=name),
            picture_kinds.nothing_drawn,
            picture_kinds.ask_picture,
            in_menu=False,
        )
        for name in plots.NAMES
    ),
    ExportKind(
        "stage",
        lambda: tr("Stage: all that is on it…"),
        picture_kinds.FORMATS,
        picture_kinds.write_stage,
        picture_kinds.nothing_drawn,
        picture_kinds.ask_stage,
    ),
    ExportKind(
        "window",
        lambda: tr("Window: as it is on screen…"),
        picture_kinds.FORMATS,
        picture_kinds.write_window,
        ask=picture_kinds.ask_window,
    ),
    ExportKind(
        "animation",
        lambda: tr("Animation: the run on the stage, step after step…"),
        picture_kinds.FILM_FORMATS,
        picture_kinds.write_film,
        no_run,
        picture_kinds.ask_film,
    ),
)


def export_of(name: str) -> ExportKind:
    """Return the export of this name.

    Raises
    ------
    ExportError
        If there is none.
    """
    for kind in EXPORTS:
        if kind.name == name:
            return kind
    names = in_a_row(kind.name for kind in EXPORTS)
    raise ExportError(tr("There is no such export; choose one of {names}.").format(names=names))
