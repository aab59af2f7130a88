"""A picture of its own, without a window around it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.training.run import Run
from linreg_gui.widgets.theme import Mode, Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(qapp, Mode.LIGHT)
    yield theme
    theme.deleteLater()


@pytest.fixture
def shown(qtbot: QtBot, theme: Theme) -> Callable[[type[Any], Run], Any]:
    """Show a plot of a run."""

    def show(kind: type[Any], run: Run) -> Any:
        plot = kind(theme)
        qtbot.addWidget(plot)
        plot.resize(600, 400)
        plot.show()
        qtbot.waitExposed(plot)
        plot.show_run(run)
        return plot

    return show
