"""The gradient check is a table that can be read, and a verdict in words."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from linreg_gui.anatomy.gradient_check import GradientReport
from linreg_gui.look.theme import Theme
from linreg_gui.widgets.panels.gradient_check_view import GradientCheckView

NAMES = ("w0", "w1", "b")


def report_of(*gradient: float, size: int = 4) -> GradientReport:
    """Return a report in which all three agree but for half a rounding."""
    numbers = np.array(gradient)
    roundings = np.full(len(numbers), 2.0**-19)
    return GradientReport(
        size=size,
        autograd=numbers + roundings / 2,
        by_hand=numbers,
        central=numbers,
        step_sizes=np.full(len(numbers), 10.0),
        roundings=roundings,
    )


def off_by(report: GradientReport, *differences: float) -> GradientReport:
    return dataclasses.replace(report, autograd=report.autograd + np.array(differences))


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> Iterator[GradientCheckView]:
    view = GradientCheckView(theme)
    view.resize(336, 400)
    view.show()
    yield view
    view.close()
    view.deleteLater()


def texts(view: GradientCheckView) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


class TestTheVerdict:
    def test_agreement_has_a_check_mark_and_words(self, view: GradientCheckView) -> None:
        view.show_report(report_of(1.5, -2.5, 3.5), NAMES)
        assert view.verdict.text() == "✓ They agree: at most 0.5 roundings apart."

    def test_a_difference_has_a_cross_and_says_where(self, view: GradientCheckView) -> None:
        view.show_report(off_by(report_of(1.5, -2.5, 3.5), 0, 1.25, 0), NAMES)
        assert view.verdict.text() == "✗ They do not agree: for w1 they are 1.2500 apart."
        assert [view.cell(row, 3).endswith("✗") for row in range(3)] == [False, True, False]

    def test_numbers_too_large_are_said_to_be(self, view: GradientCheckView) -> None:
        view.show_report(off_by(report_of(1.5, -2.5, 3.5), np.inf, np.nan, 0), NAMES)
        assert "too large to be checked" in view.verdict.text()
        assert view.cell(0, 0) == view.cell(1, 0) == "too\N{NO-BREAK SPACE}large"
        words = texts(view).split()
        assert not {"nan", "inf", "-inf"} & set(words)


class TestTheTable:
    def test_each_parameter_has_its_three_gradients_and_how_far_they_are_apart(
        self, view: GradientCheckView
    ) -> None:
        view.show_report(report_of(1.5, -2.5, 3.5), NAMES)
        assert [view.cell(1, column) for column in range(4)] == [
            "−2.5000",
            "−2.5000",
            "−2.5000",
            "0.5",
        ]

    def test_numbers_of_a_report_have_the_same_decimals(self, view: GradientCheckView) -> None:
        view.show_report(report_of(1234.5, -2.5, 0.5), NAMES)
        assert [view.cell(row, 1) for row in range(3)] == ["1234.5", "−2.5", "0.5"]

    def test_before_there_is_a_report_its_frame_stands(self, view: GradientCheckView) -> None:
        view.show_report(None, NAMES)
        assert {view.cell(row, column) for row in range(3) for column in range(4)} == {"–"}

    def test_another_number_of_features_makes_other_rows(self, view: GradientCheckView) -> None:
        view.show_report(report_of(1.5, -2.5, 3.5), NAMES)
        names = (*(f"w{index}" for index in range(10)), "b")
        view.show_report(report_of(*range(11)), names)
        assert view.cell(10, 1) == "10.000"
        assert "w9" in texts(view)
        view.show_report(report_of(7.0, 8.0), ("w0", "b"))
        assert "w1" not in texts(view)


class TestWhatIsSaidBelow:
    def test_the_formula_has_the_minibatchs_size(self, view: GradientCheckView) -> None:
        view.show_report(report_of(1.5, -2.5, 3.5, size=64), NAMES)
        assert "∂loss/∂b = 2/64 · Σ (ŷ − y)" in texts(view)

    def test_the_step_of_the_central_difference_is_said(self, view: GradientCheckView) -> None:
        report = report_of(1.5, -2.5, 3.5)
        view.show_report(report, NAMES)
        assert "h\u00a0=\u00a010." in texts(view)
        view.show_report(
            dataclasses.replace(report, step_sizes=np.array([0.001, 1.0, 10.0])), NAMES
        )
        assert "h\u00a0=\u00a00.001 … 10." in texts(view)

    def test_how_many_roundings_count_as_agreement_is_said(self, view: GradientCheckView) -> None:
        view.show_report(report_of(1.5, -2.5, 3.5), NAMES)
        assert "Up to 8 count as agreement." in texts(view)


@pytest.mark.parametrize("scale", [1e-9, 1e-4, 1.0, 1e5, 1e12])
def test_ten_features_fit_a_narrow_panel(
    view: GradientCheckView, qtbot: QtBot, scale: float
) -> None:
    names = (*(f"w{index}" for index in range(10)), "b")
    view.resize(336, 300)
    view.show_report(report_of(*(-scale * (1.2345678 + row) for row in range(11))), names)
    qtbot.waitUntil(view.verticalScrollBar().isVisible)
    assert view.horizontalScrollBar().maximum() == 0
