"""The guide: the lesson stop by stop, each with a question, its lines and what they print."""

from functools import partial

from markdown_it import MarkdownIt
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from linreg_gui.guide.stops import Stop, lesson_lines
from linreg_gui.look.controls import (
    MonoText,
    area,
    fill,
    push_button,
    scroller,
    show_text,
    text_label,
)
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID, MONO_FAMILY, Theme
from linreg_gui.texts import tr
from linreg_gui.threads.guide import Guide
from linreg_gui.widgets.panels.code_view import CodeView
from linreg_gui.widgets.panels.guide_answers import Sketch, answer_field

_MOST_LINES = 16
"""A longer output scrolls."""


class GuidePanel(QFrame):
    """Walks through the stops of a guide.

    Attributes
    ----------
    guide : Guide
        Owns the progress.
    view : StopView
        The present stop.
    back, next, start_over : QPushButton
        To the other stops, and to the beginning.
    """

    def __init__(self, guide: Guide, theme: Theme) -> None:
        super().__init__()
        self.guide = guide
        self.setObjectName("card")
        keep_scaled(self, setMinimumWidth=360)
        self._theme = theme
        self._ran: Stop | None = None
        self._place = text_label("muted", wraps=False)
        self.view = StopView(self.guide, theme)
        self._scroller = scroller(self.view)
        self._own_data = text_label(
            "muted", tr("The stops use the lesson's own data, not your table.")
        )
        keep_scaled(self._own_data, setContentsMargins=(16, 0, 16, 4))
        self.start_over = push_button(
            tr("Start over"), guide.start_over, tr("Forget all predictions and begin again")
        )
        self.back = push_button(
            tr("Back"), partial(self._go, -1), tr("To the previous stop (Alt+Left)")
        )
        self.back.setShortcut(QKeySequence("Alt+Left"))
        self.next = push_button(
            tr("Next"), partial(self._go, 1), tr("To the next stop (Alt+Right)")
        )
        self.next.setShortcut(QKeySequence("Alt+Right"))
        title = text_label("title", tr("The lesson, stop by stop"))
        head = fill(QHBoxLayout(), title, self._place, margins=(16, 12, 16, 4), stretch=title)
        foot = fill(
            QHBoxLayout(), self.start_over, None, self.back, self.next, margins=(16, GRID, 16, GRID)
        )
        items = (head, self._own_data, self._scroller, foot)
        fill(QVBoxLayout(self), *items, margins=(1, 1, 1, 1), spacing=0, stretch=self._scroller)
        self.guide.changed.connect(self._show_guide)
        self._show_guide()

    @Slot()
    def _show_guide(self) -> None:
        guide = self.guide
        self._place.setText(
            tr("{number} of {all}").format(number=guide.index + 1, all=len(guide.stops))
        )
        if self.view.stop is not guide.stop or (self.view.is_locked and guide.prediction is None):
            self._change_view()
        self.view.refresh()
        if self._ran is not None and guide.running is None and self._ran is guide.stop:
            QTimer.singleShot(0, self, self._reveal)  # once the output has its place
        self._ran = guide.running
        self._own_data.setVisible(guide.draws_its_own)
        self.back.setEnabled(guide.index > 0)
        self.next.setEnabled(guide.index < len(guide.stops) - 1)
        self.start_over.setEnabled(guide.has_progress)

    def _change_view(self) -> None:
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.view.isAncestorOf(focused)
        self.view = StopView(self.guide, self._theme)
        self._scroller.setWidget(self.view)
        if had_focus:
            self.view.take_focus()

    @Slot()
    def _reveal(self) -> None:
        """Scroll to the result of a run."""
        self._scroller.ensureWidgetVisible(self.view.comparison, 0, 3 * GRID)

    def _go(self, stops: int) -> None:
        """Go to the stop that comes this many later."""
        self.guide.go_to(self.guide.index + stops)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the focus where the next answer is given."""
        super().showEvent(event)
        if not event.spontaneous():
            self.view.take_focus()


class StopView(QWidget):
    """One stop, from its text to what it teaches.

    Attributes
    ----------
    stop : Stop
        The stop that is shown.
    field : AnswerField or None
        The field for the answer to its question.
    lock, run : QPushButton
        To lock the prediction, and to run the lines or stop them.
    refusal : QLabel
        Why the answer cannot be locked.
    output : MonoText
        What the lines print.
    comparison, afterwards : QLabel
        How the prediction compares, and the text for after the run.
    is_locked : bool
        Whether a prediction is locked.
    """

    def __init__(self, guide: Guide, theme: Theme) -> None:
        super().__init__()
        self.stop: Stop = guide.stop
        self.is_locked = False
        self._guide = guide
        self._theme = theme
        question = self.stop.question
        self.field = None if question is None else answer_field(question, theme)
        self.lock = push_button(
            tr("Lock my prediction"),
            self._on_submitted,
            tr("After this you cannot change it (Enter)"),
        )
        self.refusal = text_label("error")
        self.run = push_button("", self._on_run_clicked)
        self.run.setAutoDefault(True)  # Enter presses it too, as Enter has just locked the answer
        self._hint = text_label("muted")
        self.output = MonoText()
        self.output.fit_height(_MOST_LINES)
        self.output.setAccessibleName(tr("Output"))
        self._caption = text_label("muted")
        self._complaint = text_label("error")
        self.comparison = text_label("title")
        self.afterwards = _prose(self.stop.afterwards)
        self._lay_out()
        theme.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        stop = self.stop
        fill(
            QVBoxLayout(self),
            text_label("group", stop.title),
            _prose(stop.opening),
            _code(lesson_lines(stop.functions), tr("From lesson.py"), self._theme),
            _prose(stop.bridge),
            _code(stop.lines, tr("This stop runs"), self._theme),
            self._entry(),
            fill(QHBoxLayout(), self.run, self._hint, stretch=self._hint),
            _captioned(self._caption, self.output),
            self._complaint,
            self.comparison,
            self.afterwards,
            None,
            margins=(16, GRID, 16, 16),
        )

    def _entry(self) -> QFrame:
        entry, question = QFrame(), self.stop.question
        entry.setObjectName("entry")
        if self.field is None or question is None:
            entry.hide()
            return entry
        self.field.submitted.connect(self._on_submitted)
        self.field.changed.connect(self._on_answer_changed)
        fill(
            QVBoxLayout(entry),
            text_label("title", tr("Before you run it")),
            _prose(question.text),
            self.field,
            self.refusal,
            self.lock,
            margins=(12, GRID, 12, 12),
        ).setAlignment(self.lock, Qt.AlignmentFlag.AlignLeft)
        return entry

    def take_focus(self) -> None:
        """Move the focus to the question, or to Run once it is answered."""
        if self.field is not None and not self.is_locked:
            self.field.setFocus()
        else:
            self.run.setFocus()

    @Slot()
    def refresh(self) -> None:
        """Show the guide's progress at this stop."""
        guide = self._guide
        self._show_prediction()
        runs = guide.running is self.stop
        self.run.setText(tr("Stop") if runs else tr("Run again") if guide.is_seen else tr("Run"))
        self.run.setIcon(self._theme.icon("stop" if runs else "run"))
        self.run.setEnabled(runs or guide.can_run)
        self._hint.setText(self._hint_words())
        output = guide.output
        seed_words = tr("Its output, with seed {seed}")
        show_text(self._caption, seed_words.format(seed=output.seed) if output else "")
        text = output.text.rstrip() if output else ""
        self.output.setVisible(bool(text))
        if text != self.output.toPlainText():
            self.output.setPlainText(text)
        show_text(self._complaint, guide.complaint)
        show_text(self.comparison, guide.comparison())
        self.afterwards.setVisible(guide.is_seen)
        if isinstance(self.field, Sketch) and output is not None:
            curve = output.happened
            self.field.show_curve(curve if isinstance(curve, tuple) else ())

    def _show_prediction(self) -> None:
        prediction = self._guide.prediction
        if prediction is not None and self.field is not None and not self.is_locked:
            self.is_locked = True
            self.field.show_locked(prediction)
        show_text(self.refusal, "" if self.is_locked else self.refusal.text())
        self.lock.setVisible(self.field is not None and not self.is_locked)

    def _hint_words(self) -> str:
        guide = self._guide
        if guide.running is self.stop:
            return tr("Running on MXNet …")
        if guide.running is not None:
            return tr("“{stop}” is still running.").format(stop=guide.running.title)
        if self.field is not None and not self.is_locked:
            return tr("Lock a prediction first.")
        return ""

    @Slot()
    def _on_answer_changed(self) -> None:
        show_text(self.refusal, "")

    @Slot()
    def _on_submitted(self) -> None:
        assert self.field is not None
        try:
            answer = self.field.answer()
        except ValueError as error:
            show_text(self.refusal, str(error))
            return
        self._guide.lock(answer)
        self.run.setFocus()

    @Slot()
    def _on_run_clicked(self) -> None:
        if self._guide.running is self.stop:
            self._guide.cancel()
        else:
            self._guide.run()


def _code(text: str, name: str, theme: Theme) -> QWidget:
    code = CodeView(theme, numbered=False)
    code.setAccessibleName(name)
    code.set_code(text.rstrip())
    code.fit_height()
    captioned = _captioned(text_label("muted", name), code)
    if not text:
        captioned.hide()
    return captioned


def _captioned(caption: QLabel, widget: QWidget) -> QWidget:
    return area(fill(QVBoxLayout(), caption, widget, spacing=0))


def _prose(markdown: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    style = f"<style>code {{ font-family: '{MONO_FAMILY}'; }}</style>"
    label.setText(style + MarkdownIt().render(markdown))
    if not markdown:
        label.hide()
    return label
