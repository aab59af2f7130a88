"""A picture without a window around it."""

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.look.theme import Theme
from linreg_gui.runs.run import Run


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
