"""One stop of the guide: its text scrolls, its question stays, and the verdict is a card."""

from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from linreg_gui.guide.stops import Stop
from linreg_gui.look.controls import area, fill, scroller, show_text, text_label
from linreg_gui.look.scale import px
from linreg_gui.look.speech import announce
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.texts import tr
from linreg_gui.threads.guide import Guide
from linreg_gui.widgets.panels.guide_answers import Sketch, answer_field
from linreg_gui.widgets.panels.stop_page import StopPage, prose
from linreg_gui.widgets.panels.verdict_card import VerdictCard

_SHARE, _SHARE_WITH_VERDICT = 0.55, 0.65
"""The most of the view's height that the question takes; without room, it scrolls by itself."""


_LEAST_TEXT = 40
_LEAST_HEIGHT = 200
"""With less height than this, the question scrolls with the text."""


class StopView(QWidget):
    """One stop. The question and the verdict stay in view while the text scrolls, if there is room.

    Attributes
    ----------
    stop : Stop
        The stop that is shown.
    page : StopPage
        Its text.
    field : AnswerField or None
        The field for the answer to its question.
    hint, refusal : QLabel
        What goes on, and why the answer cannot be locked.
    verdict : VerdictCard
        How the prediction compares with what happened.
    is_locked : bool
        Whether a prediction is locked.

    Signals
    -------
    answered()
        A prediction has been locked.
    """

    answered = Signal()

    def __init__(self, guide: Guide, theme: Theme) -> None:
        super().__init__()
        self.stop: Stop = guide.stop
        self.is_locked = False
        self._guide = guide
        question = self.stop.question
        self.field = None if question is None else answer_field(question, theme)
        self.page = StopPage(self.stop, theme)
        self.hint, self.refusal = text_label("muted"), text_label("error")
        self.verdict = VerdictCard()
        self._before = text_label("title", tr("Before you run it"))
        self._words = fill(QVBoxLayout(), self.page, spacing=0, stretch=self.page)
        self._text = scroller(area(self._words), takes_focus=True)
        self._text.setAccessibleName(self.stop.title)
        self._text.setMinimumHeight(_LEAST_TEXT)
        self._entry = self._make_entry()
        self._pinned = _Pinned(self._entry)
        if self.field is None:
            self._pinned.hide()
        self._pinned.changed.connect(self._fit_question)
        says = fill(QVBoxLayout(), self.hint, self.refusal, margins=(16, 4, 16, 0), spacing=4)
        self._says = area(says)
        parts = (self._text, self._pinned, self._says)
        self._parts = fill(QVBoxLayout(self), *parts, spacing=0, stretch=self._text)

    @property
    def asks(self) -> bool:
        """Return whether an answer is still wanted."""
        return self.field is not None and not self.is_locked

    def _make_entry(self) -> QFrame:
        entry, question = QFrame(), self.stop.question
        if self.field is None or question is None:
            return entry
        self.field.submitted.connect(self.submit)
        self.field.changed.connect(partial(show_text, self.refusal, ""))
        parts = (self._before, prose(question.text), self.field, self.verdict)
        fill(QVBoxLayout(entry), *parts, margins=(16, GRID, 16, GRID))
        return entry

    @Slot()
    def refresh(self) -> None:
        """Show the guide's progress at this stop."""
        guide = self._guide
        self._show_prediction()
        show_text(self.hint, self._hint_words())
        self.page.show_settings(guide.settings)
        self.page.show_result(guide.output, guide.complaint, is_done=guide.is_seen)
        is_new = self.verdict.verdict is None and guide.verdict is not None
        self.verdict.show_verdict(guide.verdict)
        if is_new:
            QTimer.singleShot(0, self, self._show_verdict)  # once it has its place
        if isinstance(self.field, Sketch) and guide.output is not None:
            curve = guide.output.happened
            self.field.show_curve(curve if isinstance(curve, tuple) else ())
        self._fit_question()

    @Slot()
    def submit(self) -> None:
        """Lock the answer that is given, or say what it lacks."""
        assert self.field is not None
        answer = self.field.given(self.refusal)
        if answer is not None:
            self._guide.lock(answer)
            self.answered.emit()
        elif self._is_low:
            QTimer.singleShot(0, self, self._show_refusal)  # once it has its place

    @Slot()
    def show_result(self) -> None:
        """Scroll to the result of a run, and announce it."""
        self._text.verticalScrollBar().setValue(self.page.result_top)
        if self._guide.complaint:
            announce(self.page.complaint, self._guide.complaint)
        elif self.verdict.verdict is not None:
            announce(self.verdict, self.verdict.accessibleName())

    @Slot()
    def _show_refusal(self) -> None:
        self._text.ensureWidgetVisible(self.refusal)

    @Slot()
    def _show_verdict(self) -> None:
        """Scroll to the verdict, if it and the question have not both room."""
        if self._is_low:
            self._text.ensureWidgetVisible(self.verdict)
        self._pinned.verticalScrollBar().setValue(self.verdict.y() - px(GRID))

    def _show_prediction(self) -> None:
        prediction = self._guide.prediction
        if prediction is not None and self.field is not None and not self.is_locked:
            self.is_locked = True
            self.field.show_locked(prediction)
        show_text(self.refusal, self.refusal.text() if self.asks else "")
        self._before.setVisible(not self.is_locked)

    def _hint_words(self) -> str:
        guide = self._guide
        if guide.running is None:
            return ""
        if guide.running is not self.stop:
            return tr("“{stop}” is still running.").format(stop=guide.running.title)
        return tr("The window trains …") if guide.trains_window else tr("Running on MXNet …")

    @Slot()
    def _fit_question(self) -> None:
        """Give the question its height, but never so much that the text has no room."""
        if self._is_low:
            if self.field is not None:
                self.field.fit(self._text.height())
            return
        share = _SHARE if self._guide.verdict is None else _SHARE_WITH_VERDICT
        most = round(share * self.height())
        if self.field is not None:
            self.field.fit(self.field.sizeHint().height() + most - self._question_height)
        self._pinned.setFixedHeight(min(self._question_height, most))

    @property
    def _question_height(self) -> int:
        """Return the height at which the question needs no scroll bar."""
        return self._entry.heightForWidth(self.width()) + 1  # and the line above it

    @property
    def _is_low(self) -> bool:
        """Return whether the question scrolls with the text, because there is little room."""
        return self.height() < px(_LEAST_HEIGHT)

    def _arrange(self) -> None:
        """Keep the question in view below the text, or let it scroll with the text."""
        column = self._words if self._is_low else self._parts
        if self._is_low == (self._words.indexOf(self._says) >= 0):
            return
        focused = self._entry.focusWidget()
        had_focus = focused is not None and focused.hasFocus()
        if self._is_low:
            self._pinned.takeWidget()
            column.addWidget(self._entry)
        else:
            self._pinned.setWidget(self._entry)
        column.addWidget(self._says)
        self._entry.setVisible(self.field is not None)
        self._pinned.setVisible(self.field is not None and not self._is_low)
        if focused is not None and had_focus:
            focused.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the question into the new size."""
        super().resizeEvent(event)
        self._arrange()
        self._fit_question()


class _Pinned(QScrollArea):
    """An area that scrolls only if its content is higher than it may be.

    Signals
    -------
    changed()
        The content needs another height.
    """

    changed = Signal()

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setObjectName("question")
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def event(self, event: QEvent) -> bool:
        """Report that the content has changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.changed.emit()
        return super().event(event)
