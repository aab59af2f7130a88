"""The exports of the run as a program."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linreg_gui.widgets.exports.kinds import Writing
    from linreg_gui.widgets.session import Session
    from linreg_gui.widgets.window.main_window import MainWindow


def no_program(session: "Session") -> str:
    """Say why there is no program of the run; empty if there is one."""
    from linreg_gui.export.program import obstacle  # noqa: PLC0415 - seldom

    return obstacle(session.controller.run)


def write_script(window: "MainWindow", file: Path, _options: Any, _suffix: str) -> "Writing":
    """Write the run as a Python script."""
    from linreg_gui.export.script import writing_script  # noqa: PLC0415 - seldom

    run = window.controller.run
    assert run is not None
    yield from writing_script(file, run)
    return ""


def write_notebook(window: "MainWindow", file: Path, _options: Any, _suffix: str) -> "Writing":
    """Write the run as a notebook."""
    from linreg_gui.export.notebook import writing_notebook  # noqa: PLC0415 - seldom

    run = window.controller.run
    assert run is not None
    yield from writing_notebook(file, run)
    return ""
