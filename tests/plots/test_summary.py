"""Each picture says in a sentence what it shows, for people who cannot see it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.run_plot import Overlay
from linreg_gui.runs.run import Run
from tests.plots.made_runs import append, make_run

Show = Callable[[type[Any], Run], Any]


def test_the_loss_at_the_newest_step_and_at_the_step_on_show(shown: Show) -> None:
    run = make_run()
    append(run, [4.0, 2.0])
    plot = shown(LossPlot, run)
    assert plot.summary() == (
        "Loss at step 2 of 200: 2 in the last minibatch; moving average 0.0596; noise floor 0.01."
    )
    plot.show_step(1)
    assert plot.summary().startswith("Loss at step 1 of 200: 4 in the last minibatch; ")
    plot.show_step(0)
    assert plot.summary() == "Loss at step 0 of 200: noise floor 0.01."


def test_the_parameters_and_where_they_should_be(shown: Show) -> None:
    run = make_run((2.0,))
    append(run, [4.0], [[1.74, 3.0]])
    plot = shown(ParametersPlot, run)
    best = [f"{value:.5g}" for value in run.references.parameters]
    assert plot.summary() == (
        f"Parameters at step 1 of 200: w0 1.74 (true 2, least squares {best[0]}); "
        f"b 3 (true 4.2, least squares {best[1]})."
    )
    measured = shown(ParametersPlot, make_run((2.0,), measured=True))
    assert "true" not in measured.summary()


def test_it_names_the_other_runs_and_a_divergence(shown: Show) -> None:
    run, other = make_run(), make_run()
    append(run, [4.0])
    append(other, np.ones(17))
    plot = shown(LossPlot, run)
    other.diverged_at = 18
    look = lambda palette: palette.what_if  # noqa: E731
    plot.show_overlays([Overlay(other, look, is_what_if=True, name="what if")], "")
    assert plot.summary().endswith("Also drawn: what if. It says: what if: diverges at step 18.")


def test_a_picture_without_a_run_says_its_title(shown: Show) -> None:
    plot = shown(LossPlot, make_run())
    plot.show_run(None)
    assert plot.summary() == "Loss"
