"""The card around a picture: title, choices, a line of text, legend and canvas."""

from enum import Enum

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from linreg_gui.look.controls import fill, text_label
from linreg_gui.look.flow import FlowLayout
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.look.wrapping import Note
from linreg_gui.plots.canvas import Canvas
from linreg_gui.plots.legend import Legend, LegendEntry
from linreg_gui.plots.series import Series
from linreg_gui.plots.title_row import small_button
from linreg_gui.texts import shortened_name, tr, trc

_LABELED_HEIGHT = 240
_NUMBERED_HEIGHT = 128
_LEAST_CANVAS = 120
_ROOM_FOR_NOTE = 540
"""With this room beside title and options, the note is there, so that the picture is higher."""

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
    least_height_for_note : int
        A lower card has no note.

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
        self.least_height_for_note = 0
        self._note = ""
        self._readout = self._short_readout = ""
        self._is_empty = False
        self._x_labels: tuple[str, ...] = ()
        self._y_labels: tuple[str, ...] = ()

        self._title = text_label("title", title, wraps=False)
        self._options = QWidget()
        self._option_row = FlowLayout(self._options, after=self._title)
        self._fit_button = small_button(
            trc("a button", "Fit"), tr("Show the whole picture again (double click)")
        )
        self._fit_button.setVisible(False)
        self._fit_button.clicked.connect(self.canvas.fit)
        self.canvas.zoomed.connect(self._fit_button.setVisible)
        self._note_label = Note()
        self._legend = Legend(self)

        self._title_row = QWidget()
        place = QGridLayout(self._title_row)
        place.setContentsMargins(0, 0, 0, 0)
        place.addWidget(self._options, 0, 0)
        place.addWidget(self._title, 0, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
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
        self.canvas.restyle(theme.palette)
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
        """Return the line under the title, also where there is room for its short form only."""
        return self._readout or self._note

    def set_form(self, form: Form) -> None:
        """Show all of the card, or only what a thumbnail needs."""
        if form is self.form:
            return
        self.form = form
        is_thumbnail = self.is_thumbnail
        self._show_note()
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

    @property
    def heading(self) -> str:
        """Return the words above the picture, with their mark."""
        return self._title.text()

    def mark_title(self, mark: str) -> None:
        """Add ``mark`` to the words above the picture; empty takes it away."""
        words = tr("{title} · {mark}").format(title=self.title, mark=mark) if mark else self.title
        if words != self._title.text():
            self._title.setText(words)
            self._option_row.update()  # they stand beside it
            self._make_room()

    def set_note(self, text: str) -> None:
        """Show ``text`` under the title."""
        if text != self._note:
            self._note = text
            self._show_note()

    @property
    def note_width(self) -> int:
        """Return the width that the note has."""
        return self._note_label.width()

    @property
    def note_height(self) -> int:
        """Return the height that the note keeps."""
        return self._note_label.minimumHeight()

    def keep_note_height(self, pixels: int) -> None:
        """Let the note be at least so high, so that two pictures are level."""
        if pixels > self.note_height:
            self._note_label.setMinimumHeight(pixels)
            self._note_label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    def set_readout(self, text: str, short: str = "") -> None:
        """Show numbers in place of the note; an empty text brings the note back.

        ``short`` is shown if there is no room for ``text``.
        """
        self._readout, self._short_readout = text, short
        self._note_label.show_text(self.note, short)

    def _show_note(self) -> None:
        """Show the note, which a thumbnail has no room for."""
        if not self.is_thumbnail:
            self._note_label.show_text(self.note, self._short_readout)
        self._make_room()

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

    def is_hidden(self, series: Series) -> bool:
        """Return whether a person has hidden ``series``."""
        return self._legend.is_hidden(series)

    def offer(self, series: Series, *, offered: bool) -> None:
        """Show ``series`` and its entry, or remove both from the picture."""
        self._legend.offer(series, offered=offered)

    def rename(self, series: Series, name: str, short_name: str = "") -> None:
        """Change the words of ``series`` in the legend."""
        if (name, short_name) != (series.name, series.short_name):
            series.name, series.short_name = name, short_name
            self._legend.show_words(series)

    def set_axis_labels(self, x_label: str, y_label: str, short_y_label: str = "") -> None:
        """Change the labels of the axes. A small picture has the short ones, or none."""
        self._x_labels = x_label, shortened_name(x_label)
        self._y_labels = (y_label, short_y_label) if short_y_label else (y_label,)
        self._show_labels()

    @Slot()
    def _make_room(self) -> None:
        """Leave out the note, or the options, where they would leave the picture no room."""
        if self.is_thumbnail:
            self._options.hide()
            self._note_label.hide()
            return
        self._place_note()
        width = self._title_row.width()
        options = self._option_row.heightForWidth(width) - px(_TITLE_HEIGHT)
        note = 0 if self._note_is_beside else self._note_label.heightForWidth(width)
        spare = self.height() - px(_LEAST_CANVAS + _TITLE_HEIGHT)
        self._options.setVisible(options <= max(spare, px(GRID)))
        is_high = self.height() >= px(self.least_height_for_note)
        self._note_label.setVisible(is_high and options + note <= spare)

    @Slot()
    def _show_labels(self) -> None:
        """Show the labels and the numbers of the axes if they have room."""
        is_large = not self.is_thumbnail and not self._is_empty
        has_room = self.height() >= px(_NUMBERED_HEIGHT)
        self.canvas.show_numbers(shown=has_room and not self._is_empty)
        is_high = is_large and self.height() >= px(_LABELED_HEIGHT)
        width, height = 0.8 * self.width(), self.canvas.pixels[1]
        self.canvas.x_axis.show_label(*self._x_labels, room=width if is_high else 0.0)
        is_numbered = is_large and has_room
        self.canvas.y_axis.show_label(*self._y_labels, room=height if is_numbered else 0.0)

    def set_empty(self, *, is_empty: bool) -> None:
        """Leave out numbers, words and grid while there is nothing that they could measure."""
        if is_empty != self._is_empty:
            self._is_empty = is_empty
            self.canvas.show_grid(shown=not is_empty)
            self._show_labels()

    def _place_note(self) -> None:
        # The options count even while they are left out.
        is_beside = self.width() - self._option_row.sizeHint().width() >= px(_ROOM_FOR_NOTE)
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
        self._column.activate()  # the width of the note decides what it says

    @Slot()
    def _on_theme_changed(self) -> None:
        self.canvas.restyle(self._theme.palette)
        self._legend.update()
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room."""
        super().resizeEvent(event)
        self._make_room()
