"""The exports that are tables of numbers: how each is written, and what a person is asked."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from linreg_gui.texts import complain, quoted, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from linreg_gui.export.csv_file import CsvDialect
    from linreg_gui.export.new_examples import NewExamples
    from linreg_gui.runs.run import Run
    from linreg_gui.widgets.exports.kinds import Writing
    from linreg_gui.widgets.session import Session
    from linreg_gui.widgets.window.main_window import MainWindow


def ask_dialect(window: "MainWindow") -> "CsvDialect | None":
    """Let a person choose between exact numbers and those of their spreadsheet."""
    from linreg_gui.widgets.exports.csv_choice import CsvChoiceDialog  # noqa: PLC0415 - seldom

    return CsvChoiceDialog(window).chosen()


def write_trajectory(
    window: "MainWindow", file: Path, dialect: "CsvDialect | None", _suffix: str
) -> "Writing":
    """Write each step of the run on screen."""
    from linreg_gui.export.run_files import writing_trajectory  # noqa: PLC0415 - seldom

    return _of_run(window, file, dialect, writing_trajectory)


def write_examples(
    window: "MainWindow", file: Path, dialect: "CsvDialect | None", _suffix: str
) -> "Writing":
    """Write each example of the run on screen, with what the run predicts for it."""
    from linreg_gui.export.example_files import writing_examples  # noqa: PLC0415 - seldom

    return _of_run(window, file, dialect, writing_examples)


def _of_run(
    window: "MainWindow",
    file: Path,
    dialect: "CsvDialect | None",
    writing: "Callable[[Path, Run, CsvDialect], Generator[float, None, str]]",
) -> "Writing":
    """Write a table of the run on screen."""
    from linreg_gui.export.csv_file import EXACT  # noqa: PLC0415 - seldom

    run = window.controller.run
    assert run is not None
    return writing(file, run, dialect or EXACT)


def write_runs(
    window: "MainWindow", file: Path, dialect: "CsvDialect | None", _suffix: str
) -> "Writing":
    """Write what is known of each kept run."""
    from linreg_gui.export.comparison_files import kept_runs_table  # noqa: PLC0415 - seldom
    from linreg_gui.export.csv_file import EXACT, write_table  # noqa: PLC0415 - likewise

    write_table(file, kept_runs_table(window.session.kept_runs.runs), dialect or EXACT)
    yield 1.0
    return ""


def no_kept_run(session: "Session") -> str:
    """Say that no run is kept yet; empty if there is one."""
    if session.kept_runs.runs:
        return ""
    return tr("No run is kept yet. Runs are kept when they are completed, stopped or diverged.")


def write_sweep(
    window: "MainWindow", file: Path, dialect: "CsvDialect | None", _suffix: str
) -> "Writing":
    """Write how each run of the sweep ended."""
    from linreg_gui.export.comparison_files import sweep_table  # noqa: PLC0415 - seldom
    from linreg_gui.export.csv_file import EXACT, write_table  # noqa: PLC0415 - likewise

    sweeper = window.session.sweeper
    write_table(file, sweep_table(sweeper.name, sweeper.values, sweeper.points), dialect or EXACT)
    yield 1.0
    if not sweeper.is_running:
        return ""
    return tr("The sweep goes on; the file has the runs so far.")


def no_sweep(session: "Session") -> str:
    """Say that there is no sweep yet; empty if there is one."""
    if session.last_sweep is not None:
        return ""
    return tr("There is no sweep yet; run one in the panel Sweep first.")


def ask_new_examples(window: "MainWindow") -> Any | None:
    """Let a person choose a table, see how it is read, and choose how to write its numbers."""
    from linreg_gui.widgets.exports.new_examples_dialog import (  # noqa: PLC0415 - seldom
        NewExamplesDialog,
    )

    file = window.session.tables.chosen_file(tr("Open a table of new examples"))
    return None if file is None else NewExamplesDialog(window).chosen(file)


def read_new_examples(window: "MainWindow", file: Path) -> "tuple[NewExamples, CsvDialect]":
    """Read a table without asking; what is not certain about it is said on the terminal."""
    from linreg_gui.export.csv_file import EXACT  # noqa: PLC0415 - seldom
    from linreg_gui.export.new_examples import NewExamples  # noqa: PLC0415 - likewise
    from linreg_gui.tables.reading import read_table  # noqa: PLC0415 - likewise
    from linreg_gui.tables.source import why_unusable  # noqa: PLC0415 - likewise
    from linreg_gui.widgets.exports.kinds import ExportError  # noqa: PLC0415 - it has this module

    run = window.controller.run
    assert run is not None
    try:
        examples = NewExamples.of_run(read_table(file), run)
    except Exception as error:
        raise ExportError(why_unusable(error)) from error
    for remark in examples.remarks:
        complain(f"{quoted(file.name)}: {remark.sentence}")
    return examples, EXACT


def write_new_predictions(
    _window: "MainWindow",
    file: Path,
    chosen: "tuple[NewExamples, CsvDialect] | None",
    _suffix: str,
) -> "Writing":
    """Write the table that a person has chosen, with what the run predicts for its rows."""
    from linreg_gui.export.new_examples import writing_new_predictions  # noqa: PLC0415 - seldom

    assert chosen is not None  # a person or the command line has named the table
    return (yield from writing_new_predictions(file, *chosen))


def ask_name(window: "MainWindow") -> str | None:
    """Ask whose report it is."""
    from linreg_gui.look.asking import ask_for_text  # noqa: PLC0415 - seldom

    predict_first = window.session.predict_first
    question = tr("Your name on the report; leave it empty to write it by hand:")
    name = ask_for_text(window, question, predict_first.person)
    if name is not None:
        predict_first.set_person(name)
    return name


def write_report(window: "MainWindow", file: Path, options: Any, suffix: str) -> "Writing":
    """Write the report of the run on screen."""
    from linreg_gui.widgets.exports import report  # noqa: PLC0415 - seldom

    return report.write_report(window, file, options, suffix)
