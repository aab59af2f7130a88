"""The exports of the run as a program."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from linreg_gui.runs.run import Run
    from linreg_gui.widgets.exports.kinds import Writing
    from linreg_gui.widgets.session import Session
    from linreg_gui.widgets.window.main_window import MainWindow


def no_program(session: "Session") -> str:
    """Say why there is no program of the run; empty if there is one."""
    from linreg_gui.export.program import obstacle  # noqa: PLC0415 - seldom

    return obstacle(session.controller.run)


def write_script(window: "MainWindow", file: Path, _options: Any, _suffix: str) -> "Writing":
    """Write the run as a Python script."""
    from linreg_gui.export.program_files import script_of  # noqa: PLC0415 - seldom

    return _writing(window, file, script_of)


def write_notebook(window: "MainWindow", file: Path, _options: Any, _suffix: str) -> "Writing":
    """Write the run as a notebook."""
    from linreg_gui.export.program_files import notebook_of  # noqa: PLC0415 - seldom

    return _writing(window, file, notebook_of)


def _writing(window: "MainWindow", file: Path, text_of: "Callable[[Run], str]") -> "Writing":
    """Write the program that ``text_of`` makes of the run, which may go on meanwhile."""
    from linreg_gui.export.aside import done_aside  # noqa: PLC0415 - seldom
    from linreg_gui.export.program import snapshot  # noqa: PLC0415 - likewise

    run = window.controller.run
    assert run is not None
    text = yield from done_aside(text_of, snapshot(run))
    file.write_text(text, encoding="utf-8")
    return ""
