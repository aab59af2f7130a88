"""One sentence over the stage, until a person closes it or another run is prepared."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from linreg_gui.data.dataset import Dataset
from linreg_gui.look.controls import area, fill, mini_button, text_label
from linreg_gui.look.scale import px
from linreg_gui.look.speech import announce
from linreg_gui.texts import retold, tr, without_marks
from linreg_gui.widgets.panels.registry import SCALING
from linreg_gui.widgets.session import Session
from linreg_gui.widgets.window.stage import Stage

_WIDTH = 560
_MARGIN = 16


class _Offer(NamedTuple):
    words: str
    accept: Callable[[], object]
    refuse: Callable[[], object]


@dataclass(frozen=True)
class _Message:
    sentence: str = ""
    is_good: bool = False
    offer: _Offer | None = None


class Notice(QFrame):
    """The sentence, with buttons that help. It lies over the picture, so the picture never moves.

    Parameters
    ----------
    session : Session
        What the widgets share.
    stage : Stage
        Has the picture.
    body : QWidget
        Has the stage, and what is beside it.
    parent : QWidget
        Has the body.

    Attributes
    ----------
    label : QLabel
        The sentence.
    cure : QAction
        Takes over the settings that the sentence offers.
    """

    def __init__(self, session: Session, stage: Stage, body: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._session = session
        self._stage = stage
        self._body = body
        self._parent = parent
        self._message = _Message()
        self._covered: _Message | None = None
        self._closed: tuple[Dataset | None, set[object]] = (None, set())
        self._icon = QLabel()
        self.label = text_label("")
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.installEventFilter(self)
        self.cure = QAction(self)
        self.cure.triggered.connect(self._on_cure_triggered)
        button, self._reasons = QToolButton(), QToolButton()
        for each in (button, self._reasons):
            each.setProperty("offer", True)
        button.setDefaultAction(self.cure)
        self._reasons.setDefaultAction(session.switches[SCALING])
        self._help = area(fill(QHBoxLayout(), button, self._reasons, None))
        self._close = mini_button(tr("Close this message"))
        self._close.clicked.connect(self._on_close_clicked)
        words = fill(QVBoxLayout(), self.label, self._help)
        row = fill(QHBoxLayout(self), self._icon, margins=(12, 10, 8, 10))
        row.addLayout(words, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        session.controller.run_prepared.connect(self.clear)
        session.controller.message_posted.connect(self.show_message)
        session.refused.connect(self.show_refusal)
        session.answers_hidden.connect(self._show_sentence)
        session.controls_changed.connect(self._show_sentence)
        session.page_turned.connect(self._on_page_turned)
        session.theme.changed.connect(self._show_icons)
        QGuiApplication.clipboard().dataChanged.connect(self._on_copied)
        self.clear()

    def take_over(self, former: Self) -> None:
        """Show what ``former`` shows, whose window goes, in the language of now.

        What it offers or refuses goes with that window.
        """
        self.clear()
        self._closed = former._closed
        message = former._covered or former._message
        if message.offer is None:
            self._show(replace(message, sentence=retold(message.sentence)))

    @Slot()
    def _on_copied(self) -> None:
        """Leave out the places to break: the name of a file must be one for other programs, too."""
        clipboard, shown = QGuiApplication.clipboard(), self.label.selectedText()
        words = without_marks(shown)
        if words != shown == clipboard.text():
            clipboard.setText(words)

    @Slot(object)
    def show_message(self, sentence: str, *, is_good: bool = False) -> None:
        """Show ``sentence`` instead of the last one, unless the numbers' row says it already.

        One that ``is_good`` is no warning.
        """
        if sentence != self._session.controller.outcome:
            self._tell(_Message(sentence, is_good))

    def offer(
        self,
        sentence: str,
        words: str,
        accept: Callable[[], object],
        refuse: Callable[[], object],
    ) -> None:
        """Show ``sentence`` with a button that accepts it; to close the message is to refuse."""
        self._tell(_Message(sentence, offer=_Offer(words, accept, refuse)))

    @Slot(object)
    def show_refusal(self, sentence: str) -> None:
        """Show ``sentence`` over the last one; once it is empty, the last one comes back."""
        covered = self._covered
        if sentence:
            before = covered or self._message
            self._tell(_Message(sentence))
            self._covered = before
        elif covered is not None:
            self._show(covered)

    def _tell(self, message: _Message) -> None:
        self._show(message)
        if words := self.label.text():
            announce(self, words)

    def _show(self, message: _Message) -> None:
        self._message, self._covered = message, None
        self._show_sentence()

    @Slot()
    def _show_sentence(self) -> None:
        """Show the sentence, without what tells the answer while a person predicts it."""
        run, cure = self._session.controller.run, self._cure_settings
        sentence, offer = self._message.sentence, self._message.offer
        shown = self._without_answers(sentence)
        is_of_run = run is not None and {*sentence.split("\n")} <= {*run.messages}
        if is_of_run:
            shown = self._without_closed(shown)
        has_cure = bool(cure) and self._forecast in shown.split("\n")
        standardizes = offer is None and "standardize" in cure
        words = tr("Standardize") if standardizes else tr("Use this")
        self.cure.setText(words if offer is None else offer.words)
        self._reasons.setVisible(standardizes)
        self._help.setVisible(has_cure or offer is not None)
        self.label.setText(shown)
        self._show_icons()
        self.setVisible(bool(shown))
        self.place()

    @Slot()
    def _on_close_clicked(self) -> None:
        offer = self._message.offer
        if self._covered is not None:
            self.show_refusal("")
            return
        self._keep_closed(self._message.sentence)
        self.clear()
        if offer is not None:
            offer.refuse()

    def _without_answers(self, sentence: str) -> str:
        """Leave out how the run will end if a person predicts that, or cannot change it now."""
        session, forecast = self._session, self._forecast
        is_of_use = all(map(session.shows_control, self._cure_settings))
        if is_of_use and not session.hides_forecast:
            return sentence
        return "\n".join(line for line in sentence.split("\n") if line != forecast)

    def _keep_closed(self, sentence: str) -> None:
        """Do not say again what a person has closed, as long as it is about the same.

        Every reset and every point that moves prepares another run of the same table.
        """
        table, of_run = self._of_run
        lines = {*sentence.split("\n")}
        of_table, closed = self._closed
        kept = closed if table is of_table else set()
        self._closed = table, kept | {key for key, it in of_run.items() if it in lines}

    def _without_closed(self, sentence: str) -> str:
        table, of_run = self._of_run
        of_table, closed = self._closed
        if table is not of_table:
            return sentence
        left_out = {it for key, it in of_run.items() if key in closed}
        return "\n".join(line for line in sentence.split("\n") if line not in left_out)

    @property
    def _of_run(self) -> tuple[Dataset | None, dict[object, str]]:
        """Return the table of the run, before all edits, and sentences by what they are about.

        That is a remark on the table, or the settings that decide how the run will end.
        """
        run = self._session.controller.run
        data = run.config.data if run is not None else None
        if run is None or data is None:
            return None, {}
        said: dict[object, str] = {
            each: retold(each) for each in (data.skipped.sentence, *data.remarks)
        }
        if self._forecast:
            said[replace(run.config, data=None)] = self._forecast
        return data.edited.original if data.edited else data, said

    @Slot()
    def clear(self) -> None:
        """Remove the message and its buttons."""
        self._message, self._covered = _Message(), None
        self.label.clear()
        self._help.hide()
        self.hide()

    @Slot()
    def place(self) -> None:
        """Lie at the bottom of the picture, or of all that is beside it if that is too small."""
        if self.isHidden():
            return
        for widget, gap in ((self._stage.current, 3 * _MARGIN), (self._body, _MARGIN)):
            if not widget.isVisibleTo(self._parent):
                continue
            room = QRect(widget.mapTo(self._parent, QPoint(0, 0)), widget.size())
            width = min(px(_WIDTH), room.width() - 2 * px(_MARGIN))
            height = self.heightForWidth(width)
            bottom = room.bottom() - min(px(gap), max(0, room.height() - height))
            if width >= self.minimumSizeHint().width() and height <= room.height():
                break
        left = room.left() + (room.width() - width) // 2
        self.setGeometry(left, max(0, bottom - height), width, height)
        self.raise_()

    @Slot()
    def _on_page_turned(self) -> None:
        """Remove what belongs to an earlier page; how this run will end is still true."""
        if self._message.offer is None and self._covered is None:
            forecast = self._forecast
            is_here = forecast in self._message.sentence.split("\n")
            self._show(replace(self._message, sentence=forecast if is_here else ""))

    @property
    def _forecast(self) -> str:
        """Return how the run will end; empty if there is nothing to say."""
        run = self._session.controller.run
        return run.forecast.sentence if run is not None and run.forecast is not None else ""

    @property
    def _cure_settings(self) -> dict[str, Any]:
        run = self._session.controller.run
        return run.forecast.cure if run is not None and run.forecast is not None else {}

    @Slot()
    def _on_cure_triggered(self) -> None:
        cure, controller = self._cure_settings, self._session.controller
        offer = self._message.offer
        if offer is not None:
            self.clear()
            offer.accept()
        elif "standardize" in cure:
            controller.standardize(wanted=True)
        else:
            controller.change_settings(**cure)

    @Slot()
    def _show_icons(self) -> None:
        theme, side = self._session.theme, px(20)
        name, color = (
            ("tick", theme.palette.safe)
            if self._message.is_good
            else ("warning", theme.palette.warning)
        )
        self._icon.setPixmap(theme.icon(name, color).pixmap(side, side))
        self._close.setIcon(theme.icon("close"))
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the key for copying to selected words; else it copies the picture."""
        copies = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Copy)
        if copies and event.type() is QEvent.Type.ShortcutOverride:
            event.setAccepted(self.label.hasSelectedText())
            return True
        return super().eventFilter(watched, event)
