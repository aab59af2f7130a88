"""The panel in which points are edited: what has changed, its effect, a table, and sets to try."""

import math
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from linreg_gui.data.dataset import Dataset
from linreg_gui.data.point_sets import point_sets
from linreg_gui.look.controls import RIGHT, area, fill, push_button, scroller, show_text, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.table_copy import LabelGrid, Rows, TableCopier, copy_rows
from linreg_gui.look.theme import GRID
from linreg_gui.number_text import NOTHING, decimals_for, exact, fixed, whole
from linreg_gui.texts import breakable, paragraph, tr
from linreg_gui.threads.points import PointEditor
from linreg_gui.widgets.panels.point_table import PointTable
from linreg_gui.widgets.session import Session

_MOST_ROWS = 200
"""Of more points than this, only those picked or edited are in the table."""

_TABLE_HEIGHT = 190

_NUMBERS_MILLISECONDS = 40
"""Nobody reads numbers that change more often, while a hand moves a point."""


class PointsPanel(QFrame):
    """Edits the points of the data: shows the effect, and has what the picture cannot do.

    Attributes
    ----------
    state : QLabel
        What has been edited, or why nothing can be.
    effect : EffectTable
        Least squares now and before, and the fit.
    table : PointTable
        The points.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("card")
        self._session = session
        self._points: PointEditor = session.points
        self._shown_picks = np.empty(0, np.int64)
        self.state = text_label("fact")
        self.effect = EffectTable()
        TableCopier(self, self.effect.rows)
        self.table = PointTable()
        keep_scaled(self.table, setMinimumHeight=_TABLE_HEIGHT)
        self._which = text_label("muted")
        self._numbers_due = QTimer(self, singleShot=True, interval=_NUMBERS_MILLISECONDS)
        self._numbers_due.timeout.connect(self._show_numbers)
        self._make_buttons()
        self._lay_out()
        points = self._points
        self.table.typed.connect(points.set_value)
        self.table.refused.connect(session.refused)
        self.table.remove_wanted.connect(points.remove_picked)
        self.table.went_to.connect(self._on_went_to)
        points.changed.connect(self.refresh)
        session.picks_changed.connect(self.refresh)
        session.numbers_due.connect(self._show_effect)
        self.refresh()

    def _make_buttons(self) -> None:
        points = self._points
        self.undo = push_button(tr("Undo"), points.undo, tr("Undo the last change (Ctrl+Z)"))
        self.redo = push_button(
            tr("Redo"), points.redo, tr("Redo the change you undid (Ctrl+Shift+Z)")
        )
        self.restore = push_button(
            tr("Back to the original"),
            points.restore,
            tr("Undo every edit. You can undo this, too."),
        )
        self.add = push_button(
            tr("Add a point"),
            points.add_typical,
            tr("Add a point at the mean, then type its numbers"),
        )
        self.remove = push_button(
            tr("Remove"), points.remove_picked, tr("Remove the picked points (Delete)")
        )
        self.copy = push_button(
            tr("Copy"), self._copy, tr("Copy all points, to keep them or to paste them again")
        )
        self.cloud = push_button(
            tr("Draw your own cloud"), points.draw_cloud, tr("Begin with an empty picture")
        )

    def _lay_out(self) -> None:
        sets = [
            part
            for each in point_sets()
            for part in (
                flow(push_button(each.title, partial(self._points.use_set, each), each.look_for)),
                text_label("muted", each.look_for),
            )
        ]
        how = tr(
            "In the data picture: drag a point, click to add one. Pick points with a click or with "
            "Shift and drag, and press Delete."
        )
        content = fill(
            QVBoxLayout(),
            self.state,
            flow(self.undo, self.redo, self.restore),
            self.effect,
            GRID,
            text_label("muted", how),
            flow(self.add, self.remove, self.copy),
            self._which,
            self.table,
            GRID,
            text_label("title", tr("Points that show something")),
            *sets,
            GRID,
            flow(self.cloud),
            None,
            margins=(16, 4, 16, 12),
            spacing=6,
        )
        title = text_label("title", tr("Points"))
        keep_scaled(title, setContentsMargins=(16, 12, 16, 0))
        body = scroller(area(content))
        fill(QVBoxLayout(self), title, body, margins=(1, 1, 1, 4), spacing=4, stretch=body)

    @Slot()
    def refresh(self) -> None:
        """Show the points as they are now."""
        points, picked = self._points, self._session.brush.places
        dataset = points.dataset
        self.state.setText(breakable(points.sentence()))
        self.undo.setEnabled(points.can_undo)
        self.redo.setEnabled(points.can_redo)
        self.restore.setEnabled(points.is_changed)
        self.remove.setEnabled(dataset is not None and len(dataset.rows_at(picked)) > 0)
        for control in (self.add, self.copy, self.table):
            control.setEnabled(dataset is not None)
        if not self._numbers_due.isActive():
            self._numbers_due.start()

    @Slot()
    def _show_numbers(self) -> None:
        self._show_effect()
        if self._points.dataset is not None and self.isVisible():
            self._show_table(self._points.dataset)

    def _show_table(self, dataset: Dataset) -> None:
        picked = self._session.brush.places
        places = dataset.places_of(np.arange(dataset.size))
        several = dataset.dimension > 1
        words = tr("New points have the mean of the other feature.") if several else ""
        if dataset.size > _MOST_ROWS:
            edited = dataset.edited
            touched = () if edited is None else (edited.moved, edited.added)
            places = np.intersect1d(places, np.concatenate([picked, *touched]))[:_MOST_ROWS]
            shown = tr(
                "Shown: picked and edited points, up to {most} of {count}. Pick points in the "
                "picture."
            ).format(most=whole(_MOST_ROWS), count=whole(dataset.size))
            words = paragraph(shown, words)
        show_text(self._which, words)
        self.table.show_points(dataset, places, picked)
        self.table.setVisible(len(places) > 0)
        if len(picked) and not np.array_equal(picked, self._shown_picks):
            self.table.go_to(int(picked[0]))
        self._shown_picks = picked

    @Slot()
    def _show_effect(self) -> None:
        if self.isVisible():
            self.effect.show_effect(self._session)

    @Slot(int)
    def _on_went_to(self, place: int) -> None:
        dataset = self._points.dataset
        if dataset is not None and dataset.size <= _MOST_ROWS:
            self._session.brush.pick([place])

    @Slot()
    def _copy(self) -> None:
        """Put all points on the clipboard, as another program, or this one, reads them."""
        dataset = self._points.dataset
        if dataset is None:
            return
        rows = np.column_stack([dataset.features, dataset.target]).tolist()
        names = [*dataset.feature_names, dataset.target_name]
        copy_rows([names, *([*map(exact, row)] for row in rows)])

    def showEvent(self, event: QShowEvent) -> None:
        """Show the points as they are now."""
        super().showEvent(event)
        self.refresh()


class EffectTable(LabelGrid):
    """Least squares of the points now and before they were edited, and the fit of the run."""

    def __init__(self) -> None:
        super().__init__(GRID, 4)
        self._cells: list[list[QLabel]] = []
        for column, words in enumerate((tr("least squares"), tr("before"), tr("fit now")), 1):
            heading = text_label("muted", words)
            heading.setAlignment(RIGHT)
            self.grid.addWidget(heading, 0, column)

    def text(self, row: int, column: int) -> str:
        """Return a number: of each parameter, then of the loss and of R²."""
        return self._cells[row][column + 1].text()

    def rows(self) -> Rows:
        """Return the table as it is shown; no rows while it is not."""
        return [] if self.isHidden() else super().rows()

    def show_effect(self, session: Session) -> None:
        """Show the numbers of the points now."""
        points, run = session.points.on_show, session.controller.run
        self.setVisible(points is not None and points.references is not None)
        if points is None or points.references is None or run is None:
            return
        best, before = points.references, points.before
        landscape = points.landscape_in(run.problem.original)
        assert landscape is not None
        fit: list[float] | None = None
        if points.dataset.feature_names == run.dataset.feature_names:
            fit = [float(value) for value in session.playhead.parameters]
        then = None if before is None else before.parameters
        names = points.dataset.parameter_names
        for row, name in enumerate(names):
            values = [None if each is None else each[row] for each in (best.parameters, then, fit)]
            size = max(abs(value) for value in values if value is not None)
            self._show_row(row, name, values, decimals_for(size))
        rmse = [
            math.sqrt(best.loss),
            None if before is None else math.sqrt(before.loss),
            None if fit is None else landscape.rmse(np.array(fit)),
        ]
        self._show_row(len(names), tr("RMSE"), rmse, decimals_for(math.sqrt(landscape.variance)))
        r_squared = [
            landscape.r_squared(landscape.optimum),
            points.r_squared_before,
            None if fit is None else landscape.r_squared(np.array(fit)),
        ]
        self._show_row(len(names) + 1, tr("R²"), r_squared, 4)
        for row, labels in enumerate(self._cells):
            for label in labels:
                label.setVisible(row < len(names) + 2)

    def _show_row(self, row: int, name: str, values: "list[float | None]", decimals: int) -> None:
        if row == len(self._cells):
            labels = [text_label("muted"), *(text_label("fact", wraps=False) for _ in values)]
            for column, label in enumerate(labels):
                self.grid.addWidget(label, row + 1, column)
                if column:
                    label.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._cells.append(labels)
        self._cells[row][0].setText(breakable(name))
        for label, value in zip(self._cells[row][1:], values, strict=True):
            label.setText(NOTHING if value is None else fixed(value, decimals))
