"""The card around a picture: title, options, what must be said, legend, and the picture."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.analysis.problem import Coordinates
from linreg_gui.look.controls import OneLine
from linreg_gui.look.palette import Palette
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.legend import Legend, LegendEntry
from linreg_gui.plots.overlay import Overlay
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace

_COMPACT_WIDTH = 480
_LABELED_HEIGHT = 240
_HEIGHT_FOR_LEGEND_ROW = 90
"""A legend may have a row for so many pixels of the card: it gives way to the picture."""


class PlotCard(QFrame):
    """A card with one picture in it. Its colors follow the theme.

    Attributes
    ----------
    canvas : Canvas
        What is drawn on.

    Parameters
    ----------
    title, x_label, y_label : str
        Words for the picture and its axes.
    theme : Theme
        Gives the colors.
    whole_x : bool
        Whether the x axis counts.
    picks : bool
        Whether the left button picks a place rather than moves the picture.
    """

    def __init__(
        self,
        title: str,
        x_label: str,
        y_label: str,
        theme: Theme,
        *,
        whole_x: bool = False,
        picks: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(title)
        self.setMinimumSize(280, 176)
        self.canvas = Canvas(self, whole_x=whole_x, picks=picks)
        self.canvas.setAccessibleName(title)
        self._theme = theme
        self._note = ""
        self._readout = ""
        self._labels = (x_label, y_label)

        self._title = QLabel(title)
        self._title.setProperty("role", "title")
        self._fit_button = small_button(tr("Fit"))
        self._fit_button.setToolTip(tr("Show the whole picture again (double click)"))
        self._fit_button.setVisible(False)
        self._fit_button.clicked.connect(self.canvas.fit)
        self.canvas.zoomed.connect(self._fit_button.setVisible)
        self._note_label = OneLine()

        self._title_row = QHBoxLayout()
        self._title_row.setSpacing(GRID // 2)
        self._title_row.addWidget(self._title)
        self._title_row.addStretch(1)
        self._title_row.addWidget(self._fit_button)
        self._legend = Legend()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, GRID, 4, GRID // 2)
        layout.setSpacing(GRID // 2)
        layout.addLayout(self._title_row)
        layout.addWidget(self._note_label)
        layout.addWidget(self._legend)
        layout.addWidget(self.canvas, 1)
        self.canvas.view_changed.connect(self._show_labels)
        theme.changed.connect(self._on_theme_changed)

    @property
    def note(self) -> str:
        """Return the line under the title."""
        return self._readout or self._note

    def set_note(self, text: str) -> None:
        """Say ``text`` under the title."""
        self._note = text
        self._show_note()

    def set_readout(self, text: str, short: str = "") -> None:
        """Show numbers in place of the note; an empty text brings the note back.

        ``short`` is shown where ``text`` has no room.
        """
        width = self._note_label.fontMetrics().horizontalAdvance(text)
        self._readout = text if width <= self._note_label.width() else short or text
        self._show_note()

    def add_option(self, widget: QWidget) -> None:
        """Put ``widget`` to the right of the title."""
        self._title_row.addWidget(widget)

    def add_entry(
        self,
        name: str,
        short: str = "",
        *,
        line: bool = True,
        marker: bool = False,
        help_text: str = "",
    ) -> LegendEntry:
        """Add a series to the legend; it is called ``short`` where there is little room."""
        entry = LegendEntry(name, short or name, line=line, marker=marker, help_text=help_text)
        self._legend.add(entry)
        return entry

    def show_entry(self, entry: LegendEntry, *, shown: bool) -> None:
        """Show or hide a series in the legend."""
        entry.setVisible(shown)
        self._legend.arrange()

    def set_axis_labels(self, x_label: str, y_label: str) -> None:
        """Say what the axes are."""
        self._labels = x_label, y_label
        self._style_labels()

    def restyle(self, palette: Palette) -> None:
        """Take over the colors of ``palette``."""
        self.canvas.set_palette(palette)
        self._style_labels()

    def _style_labels(self) -> None:
        style = {"color": self._theme.palette.muted, "font-size": "13px"}
        axes = (self.canvas.x_axis, self.canvas.y_axis)
        for axis, text in zip(axes, self._labels, strict=True):
            axis.setLabel(text, **style)
        self._show_labels()

    @Slot()
    def _show_labels(self) -> None:
        """Leave the axes' labels out where they have no room."""
        self.canvas.x_axis.showLabel(self.height() >= _LABELED_HEIGHT)
        y_axis = self.canvas.y_axis
        y_axis.showLabel(y_axis.label.boundingRect().width() <= self.canvas.pixels[1])

    def _show_note(self) -> None:
        self._note_label.show_text(self.note)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.restyle(self._theme.palette)
        self.canvas.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Save room where there is little."""
        super().resizeEvent(event)
        for entry in self._legend.entries:
            entry.set_compact(compact=event.size().width() < _COMPACT_WIDTH)
        self._legend.most_rows = max(1, event.size().height() // _HEIGHT_FOR_LEGEND_ROW)
        self._legend.arrange()


class RunPlot(PlotCard):
    """A picture of a run, as the window knows it. GUI thread.

    The picture reads the run's history when it draws, and keeps no number of it. A subclass draws
    in `show_run`, `refresh` and `redraw`; whatever else it does not need does nothing.

    Attributes
    ----------
    name : str
        The key of the picture. It never changes.
    run : Run or None
        The run on show.
    shown_step : int or None
        The step on show, 0 for the start; None follows the run.
    shows_standardized : bool
        Whether the picture uses the units of standardized features, not those of the data.

    Signals
    -------
    start_chosen(dict of int to float)
        A person has chosen where the run starts: the value of each of these parameters.
    """

    name: ClassVar[str]
    start_chosen = Signal(object)
    shows_standardized = False
    run: Run | None = None
    shown_step: int | None = None

    def show_run(self, run: Run | None) -> None:
        """Show ``run`` from its start, or an empty picture."""

    def refresh(self) -> None:
        """Draw the changes that are large enough to see."""

    def redraw(self) -> None:
        """Draw everything again: the run has halted, so even the smallest change counts."""

    def show_step(self, step: int | None) -> None:
        """Show the run after ``step``, 0 for the start; None follows the run."""

    def show_overlays(self, overlays: Sequence[Overlay], note: str) -> None:
        """Draw exactly the runs of ``overlays`` over this one; ``note`` describes them."""

    def show_minibatch(self, trace: "StepTrace | None") -> None:
        """Highlight the minibatch of a step; None removes the highlight."""

    def show_standardized(self, *, standardized: bool) -> None:
        """Change the units of the picture."""
        self.shows_standardized = standardized
        self.show_run(self.run)

    def set_note(self, text: str) -> None:
        """Show ``text`` under the title, after the units if they are not those of the data."""
        if self.shows_standardized:
            text = tr("Standardized units. {note}").format(note=text)
        super().set_note(text)

    def in_words(self, quantity: str) -> str:
        """Return the name of a feature or parameter, with its units if they need a word."""
        return standardized_words(quantity) if self.shows_standardized else quantity

    def coordinates_of(self, run: Run) -> Coordinates:
        """Return the coordinates of ``run`` in the units of the picture."""
        return run.problem.standardized if self.shows_standardized else run.problem.original


class Segments(QWidget):
    """A few choices side by side, one of them taken.

    Attributes
    ----------
    group : QButtonGroup
        Its ``idClicked`` gives the index of the choice.
    """

    def __init__(self, texts: list[str]) -> None:
        super().__init__()
        self.group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for index, text in enumerate(texts):
            button = small_button(text)
            button.setCheckable(True)
            button.setChecked(index == 0)
            self.group.addButton(button, index)
            layout.addWidget(button)

    def choose(self, index: int | None) -> None:
        """Take choice ``index``, or none."""
        self.group.setExclusive(index is not None)
        for each, button in enumerate(self.group.buttons()):
            button.setChecked(each == index)


def standardized_words(quantity: str) -> str:
    """Return the name of a feature or parameter in standardized units."""
    return tr("{quantity} (standardized)").format(quantity=quantity)


def small_button(text: str) -> QToolButton:
    """Return a button for a picture's title row."""
    button = QToolButton()
    button.setText(text)
    button.setProperty("compact", True)
    return button
