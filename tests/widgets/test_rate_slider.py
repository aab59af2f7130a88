"""The zones of the slider are the limits for the current data and batch size."""

from collections.abc import Callable

import pytest
from linreg_gui.widgets.settings.rates import limits_words

from linreg_gui.analysis.learning_rates import LearningRateLimits
from linreg_gui.runs.preparation import problem_of
from linreg_gui.widgets.window.main_window import MainWindow

WaitFor = Callable[[Callable[[], bool]], None]


def is_complete(window: MainWindow) -> bool:
    limits = window.session.rate_limits.limits
    return limits is not None and limits.typical is not None


def test_the_zones_end_at_the_limits(window: MainWindow, wait_for: WaitFor) -> None:
    wait_for(lambda: is_complete(window))
    limits = window.session.rate_limits.limits
    zones = window.panel.rates.zones
    assert limits is not None
    assert [zone[0] for zone in zones.zones()] == ["safe", "risky", "diverges"]
    safe, risky, diverging = zones.zones()
    assert safe[2] == risky[1] == zones.x_of(limits.mean_square)
    assert risky[2] == diverging[1] == zones.x_of(limits.typical or 0)
    assert len({zone[3] for zone in zones.zones()}) == 3, "the colors differ"
    assert len({zone[4] for zone in zones.zones()}) == 3, "and so do the heights"


def test_sentences_give_the_limits(window: MainWindow, wait_for: WaitFor) -> None:
    wait_for(lambda: is_complete(window))
    words = window.panel.rates.words.text()
    assert words == (
        "Trains reliably up to 0.536, fastest at 0.268 (▲). A typical run diverges above 0.732. "
        "Full batch: 0.983."
    )
    assert window.panel.rates.slider.accessibleDescription() == words


def test_the_limits_follow_a_pending_setting(
    window: MainWindow, wait_for: WaitFor, pause_at: Callable[..., None]
) -> None:
    pause_at(window.controller, 10)
    wait_for(lambda: is_complete(window))
    window.controller.change_setting("batch_size", 64)
    expected = problem_of(window.controller.settings).curvature.limits(64)
    wait_for(
        lambda: (
            window.session.rate_limits.limits is not None
            and window.session.rate_limits.limits.mean_square == expected.mean_square
        )
    )
    wait_for(lambda: is_complete(window))
    window.controller.change_setting("batch_size", 4)
    wait_for(lambda: window.session.what_if.run is None)
    assert window.controller.run is not None
    assert window.session.rate_limits.limits is window.controller.run.limits
    assert window.controller.run.limits.mean_square == pytest.approx(0.536, abs=1e-3)
    assert window.controller.run.limits.typical is not None


def test_sentences_give_the_other_limits_if_the_typical_one_is_unknown(window: MainWindow) -> None:
    limits = problem_of(window.controller.settings).curvature.limits(4)
    assert "typical" not in limits_words(limits)


def test_the_safe_zone_ends_where_a_typical_run_diverges(window: MainWindow) -> None:
    limits = LearningRateLimits(full_batch=0.98, mean_square=0.97, fastest=0.5, typical=0.81)
    assert limits_words(limits) == (
        "Trains reliably up to 0.81, fastest at 0.5 (▲). A typical run diverges above 0.81. "
        "Full batch: 0.98."
    )
    zones = window.panel.rates.zones
    zones.show_limits(limits)
    safe, diverging = zones.zones()
    assert safe[2] == diverging[1] == zones.x_of(0.81)


def test_a_rate_that_diverges_is_not_called_the_fastest() -> None:
    limits = LearningRateLimits(full_batch=0.98, mean_square=0.97, fastest=0.9, typical=0.81)
    assert limits_words(limits).startswith("Trains reliably up to 0.81. A typical")
