"""The learning rate in the bar, and the zones of its slider: the limits for the current data."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from linreg_gui.analysis.learning_rates import LearningRateLimits
from linreg_gui.number_text import rounded_down
from linreg_gui.runs.preparation import problem_of
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.rate_bar import FASTEST_RATE, SLOWEST_RATE, RateSlider, limits_words

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]

LEFT = Qt.MouseButton.LeftButton
TYPICAL_BELOW = LearningRateLimits(full_batch=0.98, mean_square=0.97, fastest=0.5, typical=0.81)
"""A typical run diverges at a lower rate than the one that trains reliably."""


@pytest.fixture
def slider(window: MainWindow) -> Iterator[RateSlider]:
    slider = window.run_bar.rate.slider
    yield slider
    slider.show_limits(window.session.rate_limits.limits)


def is_complete(window: MainWindow) -> bool:
    limits = window.session.rate_limits.limits
    return limits is not None and limits.typical is not None


def rate_of(window: MainWindow) -> float:
    return window.controller.settings.learning_rate


class TestTheZones:
    def test_they_end_at_the_limits(
        self, window: MainWindow, slider: RateSlider, wait_for: WaitFor
    ) -> None:
        wait_for(lambda: is_complete(window))
        limits = window.session.rate_limits.limits
        assert limits is not None
        safe, risky, diverging = slider.zones()
        assert [zone.names[0] for zone in (safe, risky, diverging)] == [
            "safe",
            "may diverge",
            "diverges",
        ]
        assert safe.right == risky.left == slider.x_of(limits.mean_square)
        assert risky.right == diverging.left == slider.x_of(limits.typical or 0)
        assert (safe.left, diverging.right) == (slider.x_of(0), slider.x_of(FASTEST_RATE))

    def test_they_differ_in_color_and_in_pattern(
        self, window: MainWindow, slider: RateSlider, wait_for: WaitFor
    ) -> None:
        wait_for(lambda: is_complete(window))
        zones = slider.zones()
        assert len({zone.color for zone in zones}) == len({zone.slopes for zone in zones}) == 3

    def test_their_colors_are_on_screen(
        self, window: MainWindow, slider: RateSlider, wait_for: WaitFor
    ) -> None:
        wait_for(lambda: is_complete(window))
        image = slider.grab().toImage()
        colors = {image.pixelColor(x, 20).name() for x in range(image.width())}
        assert {QColor(zone.color).name() for zone in slider.zones()} <= colors

    def test_the_safe_one_ends_where_a_typical_run_diverges(self, slider: RateSlider) -> None:
        slider.show_limits(TYPICAL_BELOW)
        safe, diverging = slider.zones()
        assert safe.right == diverging.left == slider.x_of(0.81)

    def test_they_follow_a_pending_setting(
        self, window: MainWindow, wait_for: WaitFor, pause_at: Callable[..., None]
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
        assert window.controller.run.limits.mean_square == pytest.approx(0.533, abs=5e-3)
        assert window.controller.run.limits.typical is not None


class TestTheSentences:
    def test_they_give_the_limits(
        self, window: MainWindow, slider: RateSlider, wait_for: WaitFor
    ) -> None:
        wait_for(lambda: is_complete(window))
        limits = window.session.rate_limits.limits
        assert limits is not None
        assert limits.typical is not None
        reliable, fastest, full = map(
            rounded_down, (limits.reliable, limits.fastest, limits.full_batch)
        )
        words = (
            f"Trains reliably up to {reliable}, fastest at {fastest} (▲). A typical run diverges "
            f"above {limits.typical:.3f}. Full batch: {full}."
        )
        assert slider.accessibleDescription() == slider.toolTip() == words
        window.actions_of.settings.setChecked(True)
        row = window.panel.row("learning_rate")
        assert words in [label.text() for label in row.findChildren(QLabel)]

    def test_they_give_the_other_limits_if_the_typical_one_is_unknown(
        self, window: MainWindow
    ) -> None:
        limits = problem_of(window.controller.settings).curvature.limits(4)
        assert "typical" not in limits_words(limits)

    def test_the_reliable_rates_end_where_a_typical_run_diverges(self) -> None:
        assert limits_words(TYPICAL_BELOW) == (
            "Trains up to 0.81, fastest at 0.5 (▲), and diverges beyond. Full batch: 0.98."
        )

    def test_one_limit_is_told_once_and_contradicts_no_other(self) -> None:
        """The typical limit is found by halving, so it is not exactly that of the full batch."""
        for typical in (0.4378, 0.4382, 0.4391):
            limits = LearningRateLimits(
                full_batch=0.4384, mean_square=0.4380, fastest=0.219, typical=typical
            )
            stable = min(typical, 0.438)
            assert limits_words(limits) == (
                f"Trains up to {rounded_down(stable)}, fastest at 0.219 (▲), and diverges beyond."
            )

    def test_a_rate_that_diverges_is_not_called_the_fastest(self) -> None:
        limits = LearningRateLimits(full_batch=0.98, mean_square=0.97, fastest=0.9, typical=0.81)
        assert limits_words(limits).startswith("Trains up to 0.81, and diverges beyond.")


class TestChoosingARate:
    def test_a_drag_chooses_the_rate_under_the_mouse(
        self, window: MainWindow, slider: RateSlider, qtbot: QtBot
    ) -> None:
        def place(rate: float) -> QPoint:
            return QPoint(round(slider.x_of(rate)), 12)

        qtbot.mousePress(slider, LEFT, pos=place(0.01))
        assert rate_of(window) == pytest.approx(0.01, rel=0.05)
        qtbot.mouseMove(slider, place(0.1))
        assert rate_of(window) == pytest.approx(0.1, rel=0.05)
        qtbot.mouseMove(slider, QPoint(-50, 12))
        assert rate_of(window) == SLOWEST_RATE
        qtbot.mouseMove(slider, QPoint(slider.width() + 50, 12))
        assert rate_of(window) == FASTEST_RATE
        qtbot.mouseRelease(slider, LEFT)
        qtbot.mouseMove(slider, place(0.01))
        assert rate_of(window) == FASTEST_RATE

    def test_the_field_beside_it_takes_any_rate(self, window: MainWindow, qtbot: QtBot) -> None:
        rate = window.run_bar.rate
        rate.choose()
        assert rate.field.selectedText() == "0.001"
        qtbot.keyClicks(rate.field, "5e-6")
        qtbot.keyClick(rate.field, Qt.Key.Key_Return)
        assert rate_of(window) == 5e-6
        assert rate.slider.value() == rate.slider.minimum()

    def test_a_refused_text_is_explained_and_the_old_rate_stays(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        field = window.run_bar.rate.field
        window.run_bar.rate.choose()
        qtbot.keyClicks(field, "fast")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert (rate_of(window), field.text()) == (0.001, "0.001")
        assert "Still 0.001" in window.messages.label.text()

    def test_it_follows_a_rate_that_is_chosen_elsewhere(
        self, window: MainWindow, slider: RateSlider
    ) -> None:
        window.controller.change_setting("learning_rate", 0.05)
        assert window.run_bar.rate.field.text() == "0.05"
        assert slider.value() == round(40 * -1.30103)

    def test_its_handle_is_where_the_rate_is(self, window: MainWindow, slider: RateSlider) -> None:
        window.controller.change_setting("learning_rate", 0.05)
        QApplication.processEvents()
        accent = QColor(window.session.theme.palette.accent)
        x = round(slider.x_of(0.05))
        assert slider.grab().toImage().pixelColor(x, 12) == accent
