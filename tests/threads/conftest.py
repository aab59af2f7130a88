"""A controller whose first run is there."""

import pytest
from pytestqt.qtbot import QtBot

from linreg_gui.settings import TrainingConfig
from linreg_gui.threads.controller import TrainingController
from tests.conftest import MakeController
from tests.support import Ready, wait_until_ready


@pytest.fixture
def ready(qtbot: QtBot, make_controller: MakeController) -> Ready:
    """Return a function that makes a loaded controller with a prepared run of these settings."""

    def make(config: TrainingConfig) -> TrainingController:
        controller = make_controller(config)
        controller.load()
        wait_until_ready(qtbot, controller)
        return controller

    return make
