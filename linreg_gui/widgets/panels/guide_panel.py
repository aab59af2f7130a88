"""The guide: the lesson stop by stop, each with a question, its lines and what they print."""

from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from linreg_gui.guide.stops import Stop
from linreg_gui.look.controls import fill, mini_button, push_button, text_label
from linreg_gui.look.flow import FlowLayout
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID, Theme, set_style_property
from linreg_gui.texts import tr
from linreg_gui.threads.guide import Guide
from linreg_gui.widgets.panels.stop_dots import StopDots
from linreg_gui.widgets.panels.stop_view import StopView

_NARROWEST = 320


class GuidePanel(QFrame):
    """Walks through the stops of a guide.

    Attributes
    ----------
    guide : Guide
        Owns the progress.
    dots : StopDots
        The stops, and what is done.
    view : StopView
        The present stop.
    lock, run : QPushButton
        To lock the prediction, and to run the lines or stop them. One of them is visible.
    next, start_over : QAbstractButton
        To the next stop, once this one is done, and to the beginning.

    Signals
    -------
    entered(Stop)
        A stop has come into view.
    left()
        No stop is in view any more.
    setting_chosen(str)
        A person wants to change this setting.
    prediction_wanted()
        A person wants to predict the run of the window.
    """

    entered = Signal(object)
    left = Signal()
    setting_chosen = Signal(str)
    prediction_wanted = Signal()

    def __init__(self, guide: Guide, theme: Theme) -> None:
        super().__init__()
        self.guide = guide
        self.setObjectName("card")
        self.setMinimumWidth(_NARROWEST)  # words are broken into lines, so it need not be scaled
        self._theme = theme
        self._ran: Stop | None = None
        self.dots = StopDots([stop.title for stop in guide.stops], theme)
        self.dots.chosen.connect(guide.go_to)
        self.start_over = mini_button(tr("Start over: forget all predictions and begin again"))
        keep_scaled(self.start_over, setIconSize=18)
        self.start_over.clicked.connect(guide.start_over)
        self._own_data = text_label(
            "muted", tr("The stops use the lesson's own data, not your table.")
        )
        keep_scaled(self._own_data, setContentsMargins=(16, 0, 16, 4))
        self._make_buttons()
        self.view = StopView(guide, theme)
        self._lay_out()
        guide.changed.connect(self._show_guide)
        theme.changed.connect(self._restyle)
        self._use_view()
        self._show_guide()

    def _make_buttons(self) -> None:
        self.lock = push_button(
            tr("Lock my prediction"),
            self._on_lock_clicked,
            tr("After this you cannot change it (Enter)"),
        )
        set_style_property(self.lock, "primary", True)
        self.run = push_button("", self._on_run_clicked)
        self.next = push_button(
            tr("Next"), partial(self.guide.go_by, 1), tr("To the next stop (Alt+Right)")
        )
        set_style_property(self.next, "primary", True)

    def _lay_out(self) -> None:
        head = fill(QHBoxLayout(), self.dots, None, self.start_over, margins=(GRID, GRID, GRID, 0))
        buttons = QWidget()
        row = FlowLayout(buttons)
        for button in (self.lock, self.run, self.next):
            row.addWidget(button)
        foot = fill(QVBoxLayout(), buttons, margins=(12, GRID, 12, GRID))
        self._column = fill(
            QVBoxLayout(self), head, self._own_data, foot, margins=(1, 1, 1, 1), spacing=0
        )

    @Slot()
    def _show_guide(self) -> None:
        guide = self.guide
        is_another = self.view.stop is not guide.stop
        if is_another or (self.view.is_locked and guide.prediction is None):
            self._change_view()
        self.view.refresh()
        self._show_buttons()
        if self._ran is not None and guide.running is None and self._ran is guide.stop:
            self._show_result()
        self._ran = guide.running
        self.dots.show_progress(guide.index, [guide.is_done(stop) for stop in guide.stops])
        self._own_data.setVisible(guide.draws_its_own)
        self.start_over.setEnabled(guide.has_progress)
        if is_another and self.isVisible():
            self.entered.emit(guide.stop)

    def _show_buttons(self) -> None:
        guide, asks = self.guide, self.view.asks
        runs = guide.running is guide.stop
        self.lock.setVisible(asks)
        self.run.setVisible(not asks)
        self.run.setText(tr("Stop") if runs else tr("Run again") if guide.is_seen else tr("Run"))
        self.run.setEnabled(runs or guide.can_run)
        self.next.setVisible(guide.is_seen and guide.stop is not guide.stops[-1])
        set_style_property(self.run, "primary", not guide.is_seen)
        self._show_icons()

    @Slot()
    def _restyle(self) -> None:
        self.view.refresh()
        self._show_icons()

    def _show_icons(self) -> None:
        theme, guide = self._theme, self.guide
        name = "stop" if guide.running is guide.stop else "run"
        self.run.setIcon(theme.icon(name, None if guide.is_seen else theme.palette.on_accent))
        self.start_over.setIcon(theme.icon("restore"))

    def _show_result(self) -> None:
        """Show the result of a run that has just ended; go on from it with Enter."""
        QTimer.singleShot(0, self.view, self.view.show_result)  # once it has its place
        if self.run.hasFocus() and not self.next.isHidden():
            self.next.setFocus()

    def _change_view(self) -> None:
        former, focused = self.view, QApplication.focusWidget()
        takes_focus = focused is not None and (
            former.isAncestorOf(focused) or focused in {self.lock, self.run, self.next}
        )
        self.view = StopView(self.guide, self._theme)
        former.hide()
        former.deleteLater()
        self._use_view()
        if takes_focus:
            self._take_focus()

    def _use_view(self) -> None:
        """Give the view its place, also in the order of the Tab key."""
        view = self.view
        view.page.setting_chosen.connect(self.setting_chosen)
        view.page.prediction_wanted.connect(self.prediction_wanted)
        view.answered.connect(self.run.setFocus)
        self._column.insertWidget(2, view, 1)
        view.show()  # at once: the layout would wait for the next event
        inside = view.findChildren(QWidget)
        buttons = (self.lock, self.run, self.next)
        chain = [self.start_over, *inside, *buttons]
        reached = [each for each in chain if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        # Tab stops at one of the dots only, and soon at another one.
        for first, second in pairwise([*self.dots.dots, *reached]):
            self.setTabOrder(first, second)

    def _take_focus(self) -> None:
        """Move the focus to the question, or to Run once it is answered."""
        field = self.view.field
        if field is not None and self.view.asks:
            field.setFocus()
        else:
            self.run.setFocus()

    @Slot()
    def _on_lock_clicked(self) -> None:
        self.view.submit()

    @Slot()
    def _on_run_clicked(self) -> None:
        if self.guide.running is self.guide.stop:
            self.guide.cancel()
        else:
            self.guide.run()

    def showEvent(self, event: QShowEvent) -> None:
        """Put the focus where the next answer is given."""
        super().showEvent(event)
        if not event.spontaneous():
            self._take_focus()
            self.entered.emit(self.guide.stop)

    def hideEvent(self, event: QHideEvent) -> None:
        """Report that the stop has gone."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.left.emit()
