"""The kept runs: their settings, how they ended, and which of them are drawn."""

import itertools
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from linreg_gui.look.controls import (
    area,
    fill,
    mini_button,
    push_button,
    scroller,
    show_text,
    text_label,
)
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import significant, whole
from linreg_gui.runs.run import KeptRun, differences
from linreg_gui.runs.states import Action, state_words
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.kept_runs import MOST_RUNS, KeptRuns


class RunsPanel(QFrame):
    """A card for each kept run, the newest on top.

    Attributes
    ----------
    cards : dict of KeptRun to RunCard
        From top to bottom.
    hint : QLabel
        What to know about the list; hidden most of the time.
    show_all, undo : QPushButton
        Draw all runs or none, and bring a deleted run back.

    Signals
    -------
    rate_wanted()
        The settings are now those of a kept run, and the user wants to choose a learning rate.
    """

    rate_wanted = Signal()

    def __init__(self, controller: TrainingController, kept_runs: KeptRuns, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self._kept_runs = kept_runs
        self._theme = theme
        self.cards: dict[KeptRun, RunCard] = {}
        self.hint = text_label("muted")
        self.show_all = push_button("", self._on_show_all_clicked)
        self.undo = push_button(tr("Undo delete"), kept_runs.restore)
        self._lay_out()
        kept_runs.changed.connect(self._show_runs)
        theme.changed.connect(self._show_runs)
        self._show_runs()

    def _lay_out(self) -> None:
        title = text_label("title", tr("Runs"))
        head = fill(QHBoxLayout(), title, self.undo, self.show_all, stretch=title)
        keep_scaled(head, setContentsMargins=(16, 12, 12, 0))
        self._column = fill(QVBoxLayout(), self.hint, None, margins=(16, 4, 8, 8))
        body = scroller(area(self._column), takes_focus=True)
        body.setAccessibleName(tr("The runs so far"))
        fill(QVBoxLayout(self), head, body, margins=(1, 1, 1, 4), spacing=4, stretch=body)

    @Slot()
    def _show_runs(self) -> None:
        runs = self._kept_runs.runs
        if list(self.cards) != runs[::-1]:
            self._lay_cards(runs[::-1])
        same = tr("the same settings") if len(runs) > 1 else tr("the lesson's settings")
        for kept, words in zip(runs, differences(runs), strict=True):
            self.cards[kept].refresh(words or same, self._theme)
        show_text(self.hint, self._hint_text)
        self.undo.setVisible(self._kept_runs.can_restore)
        self.show_all.setVisible(bool(runs))
        self.show_all.setText(tr("Hide all") if self._any_shown else tr("Show all"))

    def _lay_cards(self, runs: list[KeptRun]) -> None:
        for kept in [kept for kept in self.cards if kept not in runs]:
            card = self.cards.pop(kept)
            card.hide()  # passes the focus on
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
        card.again.clicked.connect(partial(self._on_again_clicked, kept))
        return card

    @property
    def _hint_text(self) -> str:
        if not self._kept_runs.runs:
            return tr("Runs appear here when they are completed, stopped or diverged.")
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
        self._kept_runs.set_shown(*self._kept_runs.runs, shown=not self._any_shown)

    def _on_again_clicked(self, kept: KeptRun) -> None:
        values = dict(vars(kept.run.config))
        if self._controller.allows(Action.STOP):  # a new rate would apply at once
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
        Draw the run, keep it when the list is full, delete it.
    name : QLineEdit
        The name of the run.
    settings, outcome : QLabel
        The settings that differ from the other runs, and how the run ended.
    again : QPushButton
        Take the settings of the run.
    stops : tuple of QWidget
        The controls, in tab order.
    """

    def __init__(self, kept: KeptRun, kept_runs: KeptRuns) -> None:
        super().__init__()
        self.setObjectName("entry")
        self.kept = kept
        self._kept_runs = kept_runs
        self.shown = mini_button(tr("Draw this run in the pictures"))
        self.shown.setCheckable(True)
        self.shown.clicked.connect(self._on_shown_clicked)
        self.name = QLineEdit()
        self.name.setObjectName("name")
        self.name.setAccessibleName(tr("Name of the run"))
        self.name.setToolTip(tr("Type another name (F2)"))
        self.name.editingFinished.connect(self._on_name_edited)
        self.pinned = mini_button(tr("Keep this run when the list is full"))
        self.pinned.setCheckable(True)
        self.pinned.clicked.connect(self._on_pinned_clicked)
        self.close_button = mini_button(tr("Delete this run from the list (Del)"))
        self.close_button.clicked.connect(self._delete)
        self.settings = text_label("fact")
        self.outcome = text_label("muted")
        self.again = QPushButton(tr("Same seed, other rate"))
        self.again.setToolTip(tr("Use the settings of this run, and choose another learning rate"))
        self.stops = (self.shown, self.name, self.pinned, self.close_button, self.again)
        head = (self.shown, self.name, self.pinned, self.close_button)
        fill(
            QVBoxLayout(self),
            fill(QHBoxLayout(), *head, spacing=4),
            self.settings,
            self.outcome,
            fill(QHBoxLayout(), self.again, None),
            margins=(8, 6, 8, 8),
            spacing=4,
        )

    def refresh(self, settings: str, theme: Theme) -> None:
        """Show the run; ``settings`` says how it differs from the other runs."""
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
    def _delete(self) -> None:
        self._kept_runs.delete(self.kept)

    @Slot()
    def _on_name_edited(self) -> None:
        if self.name.isModified():
            self.name.setModified(False)
            self._kept_runs.rename(self.kept, self.name.text())
            self.name.setText(self.kept.name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames the run, Delete removes it, Escape restores the old name."""
        if event.key() == Qt.Key.Key_F2:
            self.name.setFocus()
            self.name.selectAll()
        elif event.key() == Qt.Key.Key_Delete:
            self._delete()
        elif event.key() == Qt.Key.Key_Escape and self.name.hasFocus():
            self.name.setText(self.kept.name)
            self.shown.setFocus()
        else:
            super().keyPressEvent(event)


def _swatch(color: str, *, filled: bool) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(color), 3))
    if filled:
        painter.setBrush(QColor(color))
    painter.drawRoundedRect(5, 5, 22, 22, 6, 6)
    painter.end()
    return QIcon(pixmap)
