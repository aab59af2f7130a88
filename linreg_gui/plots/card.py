"""The card around a picture: title, choices, a line of text, legend and canvas."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.analysis.problem import Coordinates, ParameterMap
from linreg_gui.data.dataset import FloatArray
from linreg_gui.look.controls import ChoiceBox, fill, mini_button, text_label
from linreg_gui.look.flow import FlowLayout, flow
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import GRID, Theme, base_font
from linreg_gui.look.wrapping import Note
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.legend import Legend, LegendEntry
from linreg_gui.plots.picture_table import PictureTable
from linreg_gui.plots.series import Look, Series
from linreg_gui.runs.run import Run
from linreg_gui.texts import shortened_name, tr

if TYPE_CHECKING:
    from linreg_gui.anatomy.step_trace import StepTrace

_LABELED_HEIGHT = 240
_NUMBERED_HEIGHT = 104
_LEAST_CANVAS = 120
_WIDTH_FOR_NOTE = 1100
"""A card this wide has its note beside the title, so that the picture is higher."""

_TITLE_HEIGHT = 26


class Form(Enum):
    """How much of a card is shown."""

    LARGE = "large"
    THUMBNAIL = "thumbnail"


class PlotCard(QFrame):
    """A card with one picture in it. Its colors follow the theme.

    Attributes
    ----------
    canvas : Canvas
        The area that is drawn on.
    title : str
        The words above it.
    form : Form
        A thumbnail is only looked at: it has a title and no controls.

    Parameters
    ----------
    title, x_label, y_label : str
        Words for the picture and its axes.
    theme : Theme
        The colors.
    """

    def __init__(self, title: str, x_label: str, y_label: str, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(title)
        self.title = title
        self.form = Form.LARGE
        self.canvas = Canvas(self)
        self.canvas.setAccessibleName(title)
        self._theme = theme
        self._note = ""
        self._readout = ""
        self._y_labels: tuple[str, ...] = ()

        self._title = text_label("title", title, wraps=False)
        self._options = QWidget()
        self._option_row = FlowLayout(self._options)
        self._fit_button = small_button(
            tr("Fit"), tr("Show the whole picture again (double click)")
        )
        self._fit_button.setVisible(False)
        self._fit_button.clicked.connect(self.canvas.fit)
        self.canvas.zoomed.connect(self._fit_button.setVisible)
        self._note_label = Note()
        self._legend = Legend(self)

        self._title_row = flow(self._title, self._options)
        self._head = fill(QHBoxLayout(), self._title_row, stretch=self._title_row)
        self._head.addWidget(self._fit_button, 0, Qt.AlignmentFlag.AlignTop)
        keep_scaled(self._title, setMinimumHeight=_TITLE_HEIGHT)
        self._note_is_beside = False
        self._column = fill(
            QVBoxLayout(self),
            self._head,
            self._note_label,
            self._legend,
            self.canvas,
            margins=(12, 6, 4, 4),
            spacing=GRID // 2,
            stretch=self.canvas,
        )
        self.canvas.view_changed.connect(self._show_labels)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.set_axis_labels(x_label, y_label)

    @property
    def is_thumbnail(self) -> bool:
        """Return whether the card is only looked at."""
        return self.form is Form.THUMBNAIL

    @property
    def areas(self) -> list[QWidget]:
        """Return the parts of the card in the order in which Tab goes through them."""
        if self.is_thumbnail:
            return [self]
        return [self._options, self._fit_button, self._legend, self.canvas]

    @property
    def note(self) -> str:
        """Return the line under the title."""
        return self._readout or self._note

    def set_form(self, form: Form) -> None:
        """Show all of the card, or only what a thumbnail needs."""
        if form is self.form:
            return
        self.form = form
        is_thumbnail = self.is_thumbnail
        self._make_room()
        self._legend.show_if_wanted(allowed=not is_thumbnail)
        self._fit_button.setVisible(self.canvas.is_zoomed and not is_thumbnail)
        self.canvas.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, is_thumbnail)
        policy = Qt.FocusPolicy
        self.canvas.setFocusPolicy(policy.NoFocus if is_thumbnail else policy.StrongFocus)
        self._show_labels()

    def show_legend(self, *, wanted: bool) -> None:
        """Show the legend while the card is large, or hide it."""
        self._legend.is_wanted = wanted
        self._legend.show_if_wanted(allowed=not self.is_thumbnail)

    def set_note(self, text: str) -> None:
        """Show ``text`` under the title."""
        if text != self._note:
            self._note = text
            self._note_label.show_text(self.note)
            self._make_room()

    def set_readout(self, text: str, short: str = "") -> None:
        """Show numbers in place of the note; an empty text brings the note back.

        ``short`` is shown if there is no room for ``text``.
        """
        width = self._note_label.fontMetrics().horizontalAdvance(text)
        self._readout = text if width <= self._note_label.width() else short or text
        self._note_label.show_text(self.note)

    def set_description(self, words: str) -> None:
        """Let ``words`` describe the picture to people who cannot see it."""
        for widget in (self, self.canvas):
            widget.setAccessibleDescription(words)

    def add_option(self, widget: QWidget) -> None:
        """Put ``widget`` to the right of the title, or below it if there is no room."""
        self._option_row.addWidget(widget)

    def add_corner(self, widget: QWidget) -> None:
        """Put ``widget`` into the corner of the card."""
        self._head.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)

    def add_to_legend(self, *series: Series) -> None:
        """Add an entry for each of ``series`` to the legend."""
        for each in series:
            self._legend.add(each)

    def entry_of(self, series: Series) -> LegendEntry:
        """Return the legend's entry for ``series``."""
        return self._legend.entry(series)

    def offer(self, series: Series, *, offered: bool) -> None:
        """Show ``series`` and its entry, or remove both from the picture."""
        self._legend.offer(series, offered=offered)

    def rename(self, series: Series, name: str, short_name: str = "") -> None:
        """Change the words of ``series`` in the legend."""
        if (name, short_name) != (series.name, series.short_name):
            series.name, series.short_name = name, short_name
            self._legend.show_words(series)

    def set_axis_labels(self, x_label: str, y_label: str, short_y_label: str = "") -> None:
        """Change the labels of the axes. A low picture has the short one, or none."""
        self.canvas.x_axis.setLabel(x_label)
        self._y_labels = y_label, short_y_label
        self._show_labels()

    @Slot()
    def _make_room(self) -> None:
        """Leave out the note, or the options, where they would leave the picture no room."""
        self._place_note()
        width = self._title_row.width()
        options = self._option_row.heightForWidth(width)
        beside = width - self._title.sizeHint().width() - px(GRID)
        if self._option_row.sizeHint().width() <= beside:
            options -= px(_TITLE_HEIGHT)
        note = 0 if self._note_is_beside else self._note_label.heightForWidth(width)
        spare = self.height() - px(_LEAST_CANVAS + _TITLE_HEIGHT)
        is_large = not self.is_thumbnail
        self._options.setVisible(is_large and options <= max(spare, px(_TITLE_HEIGHT)))
        self._note_label.setVisible(is_large and options + note <= spare)

    @Slot()
    def _show_labels(self) -> None:
        """Show the labels and the numbers of the axes if they have room."""
        is_large = not self.is_thumbnail
        self.canvas.show_numbers(shown=self.height() >= px(_NUMBERED_HEIGHT))
        self.canvas.x_axis.showLabel(is_large and self.height() >= px(_LABELED_HEIGHT))
        y_axis, room = self.canvas.y_axis, self.canvas.pixels[1]
        width_of = QFontMetricsF(base_font(13)).horizontalAdvance
        fitting = next((words for words in self._y_labels if width_of(words) < room), "")
        if fitting and fitting != y_axis.labelText:
            y_axis.setLabel(fitting)
        y_axis.showLabel(is_large and bool(fitting))

    def _place_note(self) -> None:
        is_beside = self.width() >= px(_WIDTH_FOR_NOTE)
        if is_beside == self._note_is_beside:
            return
        self._note_is_beside = is_beside
        self._head.setStretchFactor(self._title_row, 0 if is_beside else 1)
        if is_beside:
            self._column.removeWidget(self._note_label)
            self._head.insertWidget(1, self._note_label, 1, Qt.AlignmentFlag.AlignVCenter)
        else:
            self._head.removeWidget(self._note_label)
            self._column.insertWidget(1, self._note_label)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.canvas.restyle(self._theme.palette)
        self._legend.update()
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        self._make_room()


@dataclass(eq=False)
class Overlay:
    """Another run drawn over the current one: a what-if run or a kept run.

    Attributes
    ----------
    run : Run
        Its history is drawn, as far as it goes.
    look : callable
        Returns color and line style of its loss curve and of its path in the landscape.
    is_what_if : bool
        Whether it shows the effect of changed settings. Its parameters then keep their own colors;
        those of a kept run have the color of the run.
    name : str
        The words for it on the picture.
    """

    run: Run
    look: Look
    is_what_if: bool = False
    name: str = ""

    @property
    def diverged_at(self) -> int | None:
        """Return the step at which the run diverged; None if it has not, or not yet."""
        return self.run.diverged_at

    def units_in(self, coordinates: Coordinates) -> ParameterMap:
        """Return the map from the run's trained parameters to ``coordinates``."""
        return coordinates.from_run(self.run.problem.original)


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
    trace : StepTrace or None
        The step whose minibatch is highlighted if it is a step of this run.
    shows_standardized : bool
        Whether the picture uses the units of standardized features, not those of the data.

    Signals
    -------
    start_chosen(dict of int to float)
        A person has chosen where the run starts: the value of each of these parameters.
    stage_wanted(RunPlot)
        A person has chosen this thumbnail.
    maximize_wanted(RunPlot)
        A person has double-clicked the title, or used the button in the corner.
    menu_wanted(RunPlot, QPoint)
        A person wants the menu of this picture, at this place on the screen.
    """

    name: ClassVar[str]
    start_chosen = Signal(object)
    stage_wanted = Signal(object)
    maximize_wanted = Signal(object)
    menu_wanted = Signal(object, object)
    shows_standardized = False
    run: Run | None = None
    shown_step: int | None = None
    trace: "StepTrace | None" = None

    def __init__(self, title: str, x_label: str, y_label: str, theme: Theme) -> None:
        super().__init__(title, x_label, y_label, theme)
        self._maximize = mini_button(tr("Maximize, or show the other pictures again"))
        self._maximize.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has a key
        self._maximize.clicked.connect(self._on_maximize_clicked)
        self.add_corner(self._maximize)
        self.canvas.view.menu_wanted.connect(self._on_menu_wanted)
        self.canvas.focused.connect(self.update_description)
        self.setWhatsThis(self.explanation())
        self._show_icon()
        theme.changed.connect(self._show_icon)

    def explanation(self) -> str:
        """Return what the picture is for, in a few sentences."""
        return self.title

    def set_form(self, form: Form) -> None:
        """Show all of the card, or only what a thumbnail needs."""
        super().set_form(form)
        self._maximize.setVisible(not self.is_thumbnail)
        self.setFocusPolicy(
            Qt.FocusPolicy.TabFocus if self.is_thumbnail else Qt.FocusPolicy.NoFocus
        )
        if self.is_thumbnail:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip(tr("Click to see {title} large").format(title=self.title))
        else:
            self.unsetCursor()
            self.setToolTip("")

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

    def table(self) -> PictureTable:
        """Return the numbers that the picture draws now, some thousand rows at most."""
        return PictureTable()

    def show_example(self, features: tuple[float, ...] | None) -> None:
        """Show an example that a person has typed, as measured; None removes it."""

    def show_view(self, view: str) -> None:
        """Show the view of this name, if the picture has several."""

    def show_standardized(self, *, standardized: bool) -> None:
        """Change the units of the picture."""
        self.shows_standardized = standardized
        self.show_run(self.run)

    def summary(self) -> str:
        """Say what the picture shows now, with numbers, for people who cannot see it."""
        return self.accessibleName()

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

    def parameters_at(self, run: Run, step: int | None = None) -> FloatArray:
        """Return the parameters of ``run`` after ``step`` in the units of the picture.

        Step 0 is the start; None is the newest step.
        """
        history = run.history
        trained = history.current_parameters if step is None else history.parameters_at(step)
        return self.coordinates_of(run).parameters(trained)

    def step_of(self, run: Run) -> int:
        """Return the step of ``run`` on show."""
        return run.history.step if self.shown_step is None else self.shown_step

    @Slot()
    def update_description(self) -> None:
        """Describe the picture, as it is now, to people who cannot see it."""
        self.set_description(self.summary())

    def trace_of(self, run: Run | None) -> "StepTrace | None":
        """Return `trace` if it is a step of ``run``."""
        trace = self.trace
        is_own = run is not None and trace is not None and trace.run_number == run.number
        return trace if is_own else None

    @Slot()
    def _show_icon(self) -> None:
        self._maximize.setIcon(self._theme.icon("maximize"))

    @Slot()
    def _on_maximize_clicked(self) -> None:
        self.maximize_wanted.emit(self)

    @Slot(object)
    def _on_menu_wanted(self, place: QPoint) -> None:
        self.menu_wanted.emit(self, place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Come to the stage."""
        if self.is_thumbnail and event.button() == Qt.MouseButton.LeftButton:
            self.stage_wanted.emit(self)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask to be alone; only the title gets here, because the canvas keeps its own clicks."""
        if not self.is_thumbnail and event.button() == Qt.MouseButton.LeftButton:
            self.maximize_wanted.emit(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Describe the picture as it is now."""
        super().focusInEvent(event)
        self.update_description()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Come to the stage with Enter, and keep the focus there."""
        if self.is_thumbnail and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.stage_wanted.emit(self)
            self.canvas.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu; over the canvas a drag of the right button must not open it."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        if self.is_thumbnail or not (by_mouse and self.canvas.underMouse()):
            self.menu_wanted.emit(self, event.globalPos())


class Segments(QWidget):
    """A few choices side by side, one of them checked.

    Attributes
    ----------
    group : QButtonGroup
        Its ``idClicked`` passes the index of the choice.
    """

    def __init__(self, texts: Sequence[str], tips: Sequence[str] = ()) -> None:
        super().__init__()
        self.group = QButtonGroup(self)
        row = FlowLayout(self, spacing=0)
        for index, (text, tip) in enumerate(itertools.zip_longest(texts, tips, fillvalue="")):
            button = small_button(text, tip)
            button.setCheckable(True)
            self.group.addButton(button, index)
            row.addWidget(button)
        self.choose(0)

    def choose(self, index: int | None) -> None:
        """Check choice ``index``, or none. Tab stops at the one that is checked."""
        self.group.setExclusive(index is not None)
        policy = Qt.FocusPolicy
        for each, button in enumerate(self.group.buttons()):
            button.setChecked(each == index)
            stops = index in {None, each}
            button.setFocusPolicy(policy.TabFocus if stops else policy.NoFocus)


class Chooser(ChoiceBox):
    """A drop-down list as wide as its longest text. ``words`` describe the choice."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setProperty("compact", True)
        self.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        self.setToolTip(words)


class PairChooser(Chooser):
    """The two parameters on a picture's axes: pairs of indices, the bias last."""

    def __init__(self) -> None:
        super().__init__(tr("The two parameters on the axes"))

    def offer(self, run: Run) -> None:
        """Offer the pairs of the parameters of ``run``; hide if there is only one."""
        names = [shortened_name(name) for name in run.parameter_names()]
        pairs = itertools.combinations(range(len(names)), 2)
        self.set_choices({(i, j): f"{names[i]}, {names[j]}" for i, j in pairs})
        self.setVisible(self.count() > 1)


def standardized_words(quantity: str) -> str:
    """Return the name of a feature or parameter in standardized units."""
    return tr("{quantity} (standardized)").format(quantity=quantity)


def small_button(text: str, tip: str = "") -> QToolButton:
    """Return a button for a picture's title row; ``tip`` says what it does."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    has_words = any(map(str.isalpha, text))
    button.setAccessibleName(text if has_words else tip)
    button.setAccessibleDescription(tip if has_words else "")
    button.setProperty("compact", True)
    return button
