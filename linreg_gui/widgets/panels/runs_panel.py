"""The runs that were made before: what they were, how they ended, which are drawn."""

import dataclasses
import itertools

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.look.controls import scroller, text_label
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.number_text import significant, whole
from linreg_gui.runs.run import KeptRun, differences
from linreg_gui.runs.states import Action, state_words
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.kept_runs import MOST_RUNS, KeptRuns


class RunsPanel(QFrame):
    """A card for each kept run, the newest on top.

    Signals
    -------
    rate_wanted()
        The settings are those of a kept run; a person is to choose another learning rate.
    """

    rate_wanted = Signal()

    def __init__(self, controller: TrainingController, kept_runs: KeptRuns, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self._kept_runs = kept_runs
        self._theme = theme
        self.cards: dict[KeptRun, RunCard] = {}
        self._hint = text_label("muted")
        self.show_all = QPushButton()
        self.show_all.clicked.connect(self._on_show_all_clicked)
        self.undo = QPushButton(tr("Undo delete"))
        self.undo.clicked.connect(kept_runs.restore)
        self._lay_out()
        kept_runs.changed.connect(self._show_runs)
        theme.changed.connect(self._show_runs)
        self._show_runs()

    def _lay_out(self) -> None:
        title = QLabel(tr("Runs"))
        title.setProperty("role", "title")
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 12, 0)
        head.addWidget(title, 1)
        head.addWidget(self.undo)
        head.addWidget(self.show_all)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(16, 4, 8, 8)
        self._column.setSpacing(GRID)
        self._column.addWidget(self._hint)
        self._column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 4)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(scroller(content, takes_focus=True), 1)

    @Slot()
    def _show_runs(self) -> None:
        runs = self._kept_runs.runs
        if list(self.cards) != runs[::-1]:
            self._lay_cards(runs[::-1])
        same = tr("the same settings") if len(runs) > 1 else tr("the lesson's settings")
        for kept, words in zip(runs, differences(runs), strict=True):
            self.cards[kept].refresh(words or same, self._theme)
        self._hint.setText(self._hint_text)
        self._hint.setVisible(bool(self._hint_text))
        self.undo.setVisible(self._kept_runs.can_restore)
        self.show_all.setVisible(bool(runs))
        self.show_all.setText(tr("Hide all") if self._any_shown else tr("Show all"))

    def _lay_cards(self, runs: list[KeptRun]) -> None:
        for kept in [kept for kept in self.cards if kept not in runs]:
            card = self.cards.pop(kept)
            card.hide()  # hands the focus on
            self._column.removeWidget(card)
            card.deleteLater()
        self.cards = {kept: self.cards.get(kept) or self._make_card(kept) for kept in runs}
        stops: list[QWidget] = [self.undo, self.show_all]
        for place, card in enumerate(self.cards.values()):
            self._column.insertWidget(place, card)
            stops += card.stops
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _make_card(self, kept: KeptRun) -> "RunCard":
        card = RunCard(kept, self._kept_runs)
        card.again.clicked.connect(self._on_again_clicked)
        return card

    @property
    def _hint_text(self) -> str:
        if not self._kept_runs.runs:
            return tr("Runs that are completed, stopped or diverged appear here, to be compared.")
        if self._kept_runs.is_full:
            return tr("All {most} runs are pinned. Unpin or delete one to keep a new run.").format(
                most=MOST_RUNS
            )
        return ""

    @property
    def _any_shown(self) -> bool:
        return any(kept.is_shown for kept in self._kept_runs.runs)

    @Slot()
    def _on_show_all_clicked(self) -> None:
        self._kept_runs.set_all_shown(shown=not self._any_shown)

    @Slot()
    def _on_again_clicked(self) -> None:
        card = self.sender().parent()
        assert isinstance(card, RunCard)
        config = card.kept.run.config
        values = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
        if self._controller.allows(Action.STOP):  # the run under way would take the rate at once
            del values["learning_rate"]
        self._controller.change_settings(**values)
        self.rate_wanted.emit()


class RunCard(QFrame):
    """One kept run.

    Attributes
    ----------
    kept : KeptRun
        The run.
    shown, pinned, close_button : QToolButton
        Draw it or not, keep it when room is needed, take it off the list.
    name : QLineEdit
        What it is called.
    again : QPushButton
        Take its settings, for another learning rate.
    stops : tuple of QWidget
        All of these, in the order in which Tab comes to them.
    """

    def __init__(self, kept: KeptRun, kept_runs: KeptRuns) -> None:
        super().__init__()
        self.setObjectName("entry")
        self.kept = kept
        self._kept_runs = kept_runs
        self.shown = _mini_button(tr("Draw this run over the pictures"), checkable=True)
        self.shown.clicked.connect(self._on_shown_clicked)
        self.name = QLineEdit()
        self.name.setObjectName("name")
        self.name.setAccessibleName(tr("Name of the run"))
        self.name.setToolTip(tr("Type another name (F2)"))
        self.name.editingFinished.connect(self._on_name_edited)
        self.pinned = _mini_button(tr("Keep this run when room is needed"), checkable=True)
        self.pinned.clicked.connect(self._on_pinned_clicked)
        self.close_button = _mini_button(tr("Take this run off the list (Del)"))
        self.close_button.clicked.connect(self._on_close_clicked)
        self.settings = text_label("muted")
        self.settings.setProperty("role", "fact")
        self.outcome = text_label("muted")
        self.again = QPushButton(tr("Same seed, other rate"))
        self.again.setToolTip(tr("Take over this run's settings, and choose another learning rate"))
        self.stops = (self.shown, self.name, self.pinned, self.close_button, self.again)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 8, 8)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(4)
        for column, widget in enumerate((self.shown, self.name, self.pinned, self.close_button)):
            grid.addWidget(widget, 0, column)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.settings, 1, 0, 1, 4)
        grid.addWidget(self.outcome, 2, 0, 1, 4)
        grid.addWidget(self.again, 3, 0, 1, 4, Qt.AlignmentFlag.AlignLeft)

    def refresh(self, settings: str, theme: Theme) -> None:
        """Show the run as it is; ``settings`` are what tells it from the others."""
        kept = self.kept
        if not self.name.hasFocus():
            self.name.setText(kept.name)
        self.setAccessibleName(kept.name)
        self.settings.setText(settings)
        words = (
            tr("{outcome} after {step} steps\nepoch loss {loss} · {distance} to least squares")
            if kept.run.config.data is None
            else tr("{outcome} after {step} steps\nepoch loss {loss} · {best} at least squares")
        )
        self.outcome.setText(
            words.format(
                outcome=state_words(kept.state),
                step=whole(kept.run.history.step),
                loss=significant(kept.final_loss),
                distance=significant(kept.run.distance, 2),
                best=significant(kept.run.references.loss),
            )
        )
        color = theme.palette.run(kept.color_index).color
        self.shown.setIcon(_swatch(color, filled=kept.is_shown))
        self.shown.setChecked(kept.is_shown)
        self.pinned.setIcon(theme.icon("pin", theme.palette.accent if kept.is_pinned else None))
        self.pinned.setChecked(kept.is_pinned)
        self.close_button.setIcon(theme.icon("close"))

    @Slot(bool)
    def _on_shown_clicked(self, checked: bool) -> None:
        self._kept_runs.set_shown(self.kept, shown=checked)

    @Slot(bool)
    def _on_pinned_clicked(self, checked: bool) -> None:
        self._kept_runs.set_pinned(self.kept, pinned=checked)

    @Slot()
    def _on_close_clicked(self) -> None:
        self._kept_runs.delete(self.kept)

    @Slot()
    def _on_name_edited(self) -> None:
        if self.name.isModified():
            self.name.setModified(False)
            self._kept_runs.rename(self.kept, self.name.text())
            self.name.setText(self.kept.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames, Delete takes the run off the list, Escape gives the former name back."""
        if event.key() == Qt.Key.Key_F2:
            self.name.setFocus()
            self.name.selectAll()
        elif event.key() == Qt.Key.Key_Delete:
            self._kept_runs.delete(self.kept)
        elif event.key() == Qt.Key.Key_Escape and self.name.hasFocus():
            self.name.setText(self.kept.name)
            self.shown.setFocus()
        else:
            super().keyPressEvent(event)


def _mini_button(words: str, *, checkable: bool = False) -> QToolButton:
    button = QToolButton()
    button.setObjectName("mini")
    button.setCheckable(checkable)
    button.setToolTip(words)
    button.setAccessibleName(words)
    return button


def _swatch(color: str, *, filled: bool) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(color))
    pen = painter.pen()
    pen.setWidth(3)
    painter.setPen(pen)
    if filled:
        painter.setBrush(QColor(color))
    painter.drawRoundedRect(5, 5, 22, 22, 6, 6)
    painter.end()
    return QIcon(pixmap)
