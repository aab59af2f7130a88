"""A picture without a window around it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.look.theme import Theme
from linreg_gui.runs.run import Run


@pytest.fixture
def shown(qtbot: QtBot, theme: Theme) -> Iterator[Callable[[type[Any], Run], Any]]:
    """Show a plot of a run."""

    windows: list[QWidget] = []

    def show(kind: type[Any], run: Run) -> Any:
        plot = kind(theme)
        # A window without a layout: offscreen ones complain when their least size changes.
        window = QWidget()
        windows.append(window)
        window.resize(600, 400)
        plot.setParent(window)
        plot.resize(window.size())
        window.show()
        qtbot.waitExposed(window)
        plot.show_run(run)
        return plot

    yield show
    for window in windows:
        window.close()
        window.deleteLater()
