"""The stop rule in the window: its settings, its marks, and its words."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from linreg_gui.look.inputs import NumberField
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.runs.states import RunState
from linreg_gui.settings import StopRule
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import is_prepared

Wait = Callable[[Callable[[], bool]], None]


def test_a_rule_is_chosen_stops_the_run_and_is_marked(
    window: MainWindow, qtbot: QtBot, wait_for: Wait
) -> None:
    controller = window.controller
    qtbot.keyClick(window, Qt.Key.Key_T)
    panel = window.panel
    shown = {row.name for row in panel.rows if row.isVisible()}
    assert "stop_rule" in shown
    assert not shown & {"stop_percent", "stop_gradient"}
    panel.choose("stop_rule")
    qtbot.keyClick(panel.row("stop_rule").editor, Qt.Key.Key_Down)
    assert controller.settings.stop_rule is StopRule.LOSS
    number = panel.row("stop_percent")
    wait_for(lambda: number.visibleRegion().boundingRect() == number.rect())
    field = panel.row("stop_percent").editor
    assert isinstance(field, NumberField)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "20")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    controller.change_settings(learning_rate=0.02, examples=400)
    wait_for(lambda: is_prepared(controller))
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    wait_for(lambda: window.session.going_on.is_known)
    run = controller.run
    assert run is not None
    stop = run.stopped_at
    assert stop is not None
    assert stop < 100
    window.refresher.refresh_all()
    for kind in (LossPlot, ParametersPlot):
        picture = window.picture(kind)
        picture.redraw()
        ((column,), ((left, words),)) = picture.rate_marks.marks(
            picture.canvas.view.childGroup.transform()
        )
        assert words == "stop rule"
        assert left < column - 20  # the names of the curves are to the right
        assert f"The stop rule was met at step {stop}." in picture.summary()
    track = window.timeline.track
    assert track.words_at(track.x_of(stop)) == f"Your stop rule was met at step {stop}."
    assert "more steps would have lowered the loss by" in window.readout.state.toolTip()
    assert window.messages.isHidden()  # the row of numbers says it
    kept = window.session.kept_runs.runs[-1]
    assert kept.run.stopped_at == stop
    controller.finish_epoch()
    wait_for(lambda: controller.state is RunState.PAUSED)
    assert run.history.step == 100
    assert kept.run.stopped_at == stop
