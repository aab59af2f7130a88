"""A divergence is an event: the pictures make room for it and say so in large words."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from linreg_gui.plots.card import Form
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.run_plot import Overlay
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import RunState
from linreg_gui.widgets.window.main_window import MainWindow
from tests.plots.made_runs import append, make_run
from tests.support import is_prepared

Show = Callable[[type[Any], Run], Any]
WaitFor = Callable[[Callable[[], bool]], None]
KINDS = [LossPlot, ParametersPlot]


def exploded(steps: int, *, planned_epochs: int = 50) -> Run:
    """Return a run that diverged after ``steps``."""
    run = make_run(planned_epochs=planned_epochs)
    sizes = 10.0 ** np.linspace(1, 18, steps)
    turns = (-1.0) ** np.arange(steps)
    append(run, sizes**2, np.outer(sizes * turns, [1, -1, 1]))
    run.diverged_at = steps + 1
    return run


def calm(steps: int = 900) -> Run:
    run = make_run(planned_epochs=50)
    append(run, np.linspace(30, 1, steps))
    return run


def what_if(run: Run) -> Overlay:
    return Overlay(run, lambda palette: palette.what_if, is_what_if=True, name="what if")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("steps", [3, 17, 400])
def test_the_steps_until_a_divergence_fill_the_picture(
    shown: Show, kind: type[Any], steps: int
) -> None:
    plot = shown(kind, exploded(steps))
    assert plot.announcement.text == f"diverged at step {steps + 1}"
    left, right = plot.canvas.x_range
    assert steps + 1 > 0.6 * (right - left)


@pytest.mark.parametrize("kind", KINDS)
def test_a_what_if_run_that_diverges_takes_the_picture_over(shown: Show, kind: type[Any]) -> None:
    plot = shown(kind, calm())
    former = plot.canvas.x_range, plot.canvas.y_range
    tried = exploded(17)
    plot.show_overlays([what_if(tried)], "")
    assert plot.announcement.text == "what if: diverges at step 18"
    assert plot.canvas.x_range[1] < 30
    assert plot.curves.series[0].x[-1] <= 18, "the other curves end there, too"
    plot.show_overlays([], "")
    assert plot.announcement.text == ""
    assert (plot.canvas.x_range, plot.canvas.y_range) == former


@pytest.mark.parametrize("kind", KINDS)
def test_before_a_run_nothing_else_on_show_could_be_meant(shown: Show, kind: type[Any]) -> None:
    plot = shown(kind, make_run(planned_epochs=50))
    plot.show_overlays([what_if(exploded(17))], "")
    assert plot.announcement.text == "diverges at step 18"


def test_the_loss_shows_the_whole_explosion_and_the_floor(shown: Show) -> None:
    for plot in (shown(LossPlot, exploded(17)), shown(LossPlot, calm())):
        plot.show_overlays([what_if(exploded(17))], "")
        low, high = plot.canvas.y_range
        assert low <= plot.noise_floor.y
        assert high >= plot.others.series[0].y.max() > 30


def test_the_parameters_show_the_first_turns(shown: Show) -> None:
    run = exploded(60)
    plot = shown(ParametersPlot, run)
    low, high = plot.canvas.y_range
    assert low < run.history.parameters[:, :5].min()
    assert high > run.history.parameters[:, :5].max()
    assert high < run.history.parameters[:, :20].max()


def test_another_what_if_run_has_the_range_of_its_own(shown: Show) -> None:
    direct, later = shown(ParametersPlot, exploded(30)), shown(ParametersPlot, exploded(30))
    later.show_overlays([what_if(exploded(400))], "")
    for plot in (direct, later):
        plot.show_overlays([what_if(exploded(17))], "")
    assert direct.canvas.y_range == later.canvas.y_range


def test_a_what_if_that_trains_hides_the_divergence_of_the_run(shown: Show) -> None:
    plot = shown(LossPlot, exploded(17))
    assert plot.canvas.y_range[1] > 30
    assert "left the picture" not in plot.note
    plot.show_overlays([what_if(calm())], "")
    assert plot.announcement.text == ""
    assert plot.canvas.x_range[1] >= 900
    assert plot.canvas.y_range[1] < 20


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(900, 560), (300, 260)])
def test_the_words_are_large_and_inside_the_picture(
    shown: Show, kind: type[Any], size: tuple[int, int]
) -> None:
    plot = shown(kind, calm())
    plot.resize(*size)
    plot.show_run(exploded(17))
    with_words = plot.canvas.grab().toImage()
    plot.announcement.announce("")
    without = plot.canvas.grab().toImage()
    changed = [
        (x, y)
        for x in range(0, with_words.width(), 2)
        for y in range(0, with_words.height(), 2)
        if with_words.pixel(x, y) != without.pixel(x, y)
    ]
    (left, top), (right, bottom) = np.min(changed, axis=0), np.max(changed, axis=0)
    view = plot.canvas.view.sceneBoundingRect()
    assert view.left() <= left
    assert right <= view.right()
    assert view.top() - 1 <= top
    assert bottom < view.top() + 0.45 * view.height()
    assert right - left > 0.3 * view.width()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", Form)
def test_no_name_is_half_under_the_words(shown: Show, kind: type[Any], form: Form) -> None:
    plot = shown(kind, exploded(17))
    plot.set_form(form)
    plot.resize(250, 100)
    plot.redraw()
    ((_, plate),) = plot.announcement.written()
    names = plot.end_labels.written()
    assert len(names) < len(plot.end_labels.placed), "there is no room for all"
    assert not [name for name, area in names if area.intersects(plate)]


def test_the_window_announces_what_would_diverge_and_what_has(
    window: MainWindow, wait_for: WaitFor
) -> None:
    controller, loss = window.controller, window.picture(LossPlot)
    controller.step()
    wait_for(lambda: bool(controller.run and controller.run.history.step))
    controller.change_setting("learning_rate", 2.0)
    controller.change_setting("batch_size", 8)
    wait_for(lambda: loss.announcement.text.startswith("what if: diverges at step"))
    controller.reset()
    wait_for(lambda: is_prepared(controller))
    controller.start()
    wait_for(lambda: controller.state is RunState.DIVERGED)
    assert controller.run is not None
    words = f"diverged at step {controller.run.history.step + 1}"
    pictures = [window.picture(kind) for kind in KINDS]
    wait_for(lambda: all(picture.announcement.text == words for picture in pictures))
    assert all(f"It says: {words}." in picture.summary() for picture in pictures)


@pytest.mark.parametrize("kind", KINDS)
def test_a_divergence_is_drawn_in_no_room_at_all(shown: Show, kind: type[Any]) -> None:
    run = exploded(17)
    append(run, np.zeros(5))
    plot = shown(kind, run)
    heights = set()
    for height in range(4, 40):
        plot.canvas.setFixedSize(500, height)
        plot.canvas.grab()
        heights.add(plot.canvas.view.height())
    assert 0.0 in heights
