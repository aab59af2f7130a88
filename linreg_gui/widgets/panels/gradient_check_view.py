"""Autograd's gradient beside the one derived by hand and the one measured at the loss."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.anatomy.gradient_check import GradientReport
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.controls import text_label
from linreg_gui.look.theme import GRID, Theme, set_style_property
from linreg_gui.number_text import fixed, significant, whole
from linreg_gui.texts import tr
from linreg_gui.widgets.window.readout import NOTHING, Swatch

_COLUMN_PIXELS = 56
_RIGHT = Qt.AlignmentFlag.AlignRight


class GradientCheckView(QScrollArea):
    """A verdict, a row for each parameter, and what the columns mean.

    Attributes
    ----------
    verdict : QLabel
        Whether the three agree, with a sign and in words.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self._theme = theme
        self._table = _Table((), theme)
        self.verdict = text_label("title")
        self._by_hand = text_label("fact")
        self._central = text_label("muted")
        self._rounding = text_label("muted")
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, GRID, 0, GRID)
        self._column.setSpacing(12)
        explanations = (self._by_hand, self._central, self._rounding)
        for widget in (self.verdict, self._table, *explanations):
            self._column.addWidget(widget)
        self._column.addStretch()
        self.setWidget(content)

    def show_report(self, report: GradientReport | None, names: Sequence[str]) -> None:
        """Show ``report``, or the table's frame before there is one; ``names`` are the rows'."""
        if tuple(names) != self._table.names:
            table = _Table(tuple(names), self._theme)
            self._column.replaceWidget(self._table, table)
            self._table.hide()  # until it goes
            self._table.deleteLater()
            self._table = table
        self._table.show_report(report)
        self._show_verdict(report)
        self._by_hand.setText(_formulas("m" if report is None else whole(report.size)))
        self._central.setText("" if report is None else _centralwords(report))
        self._rounding.setText("" if report is None else _roundingwords(report))

    def cell(self, parameter: int, column: int) -> str:
        """Return a text of the table: autograd, by hand, central difference, or how far apart."""
        return self._table.cells[parameter][column].text()

    def _show_verdict(self, report: GradientReport | None) -> None:
        if report is None:
            self.verdict.setText(NOTHING)
            return
        sign = {True: "✓", False: "✗", None: "⚠"}[report.agrees]
        self.verdict.setText(f"{sign} {report.verdict(self._table.names)}")
        set_style_property(self.verdict, "role", "title" if report.agrees else "error")


class _Table(QWidget):
    def __init__(self, names: tuple[str, ...], theme: Theme) -> None:
        super().__init__()
        self.names = names
        self._theme = theme
        self._swatches = [Swatch() for _ in names]
        headings = (
            tr("autograd"),
            tr("by hand"),
            tr("central\ndifference"),
            tr("apart, in\nroundings"),
        )
        self.cells = [[_cell() for _ in headings] for _ in names]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        for column, words in enumerate(headings, 1):
            heading = QLabel(words)
            heading.setProperty("role", "muted")
            heading.setAlignment(_RIGHT | Qt.AlignmentFlag.AlignBottom)
            grid.addWidget(heading, 0, column)
            grid.setColumnMinimumWidth(column, _COLUMN_PIXELS)
        for row, (name, swatch) in enumerate(zip(names, self._swatches, strict=True), 1):
            label = QLabel(name)
            label.setProperty("role", "fact")
            head = QHBoxLayout()
            head.setSpacing(GRID // 2)
            head.addWidget(swatch)
            head.addWidget(label, 1)
            grid.addLayout(head, row, 0)
            for column, cell in enumerate(self.cells[row - 1], 1):
                grid.addWidget(cell, row, column)
        grid.setColumnStretch(len(headings) + 1, 1)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_report(self, report: GradientReport | None) -> None:
        if report is None:
            for cell in (cell for cells in self.cells for cell in cells):
                cell.setText(NOTHING)
            return
        ways = np.column_stack([report.autograd, report.by_hand, report.central])
        decimals = _decimals(ways)
        spreads = report.spreads_in_roundings.tolist()
        for cells, numbers, spread in zip(self.cells, ways.tolist(), spreads, strict=True):
            for cell, number in zip(cells[:-1], numbers, strict=True):
                cell.setText(fixed(number, decimals))
            cells[-1].setText(_spread_text(spread, report.allowed))

    @Slot()
    def _on_theme_changed(self) -> None:
        for index, swatch in enumerate(self._swatches):
            swatch.show_stroke(self._theme.palette.parameter(index, len(self.names) - 1))


def _formulas(size: str) -> str:
    return tr(
        "By hand: ∂loss/∂wⱼ = 2/{m} · Σ (ŷ − y) · xⱼ\nand ∂loss/∂b = 2/{m} · Σ (ŷ − y)"
    ).format(m=size)


def _centralwords(report: GradientReport) -> str:
    smallest, largest = (significant(h) for h in (report.step_sizes.min(), report.step_sizes.max()))
    return tr(
        "Central difference: (loss(w + h) − loss(w − h))/2h in double precision, "
        "h\u00a0=\u00a0{h}. The loss is quadratic, so it is exact for every h."
    ).format(h=smallest if smallest == largest else f"{smallest} … {largest}")


def _roundingwords(report: GradientReport) -> str:
    return tr(
        "One rounding is what single precision may lose by rounding once, at the size of the "
        "numbers that are added up. Up to {allowed} count as agreement."
    ).format(allowed=whole(report.allowed))


def _decimals(numbers: DoubleArray) -> int:
    """Return the decimals that give the largest finite one about five digits."""
    largest = np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0)
    magnitude = math.floor(math.log10(largest)) if largest else 0
    return min(max(4 - magnitude, 0), 5) if magnitude >= -4 else 4


def _spread_text(roundings: float, allowed: int) -> str:
    if not math.isfinite(roundings):
        return NOTHING
    return f"{roundings:.1f}" if roundings <= allowed else f"{significant(roundings, 2)} ✗"


def _cell() -> QLabel:
    cell = QLabel(NOTHING)
    cell.setProperty("role", "fact")
    cell.setAlignment(_RIGHT | Qt.AlignmentFlag.AlignVCenter)
    return cell
