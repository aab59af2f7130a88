"""The kept runs: their settings, how they ended, and which of them are drawn."""

import itertools
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from linreg_gui.export.comparison_files import kept_runs_table
from linreg_gui.look.controls import (
    area,
    fill,
    mini_button,
    push_button,
    scroller,
    show_text,
    text_label,
)
from linreg_gui.look.flow import flow
from linreg_gui.look.palette import Palette, Stroke
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.table_copy import Rows, TableCopier
from linreg_gui.look.theme import Theme
from linreg_gui.look.wrapping import WrappingButton
from linreg_gui.number_text import significant, whole
from linreg_gui.plots.line_sample import LineSample
from linreg_gui.runs.run import KeptRun, differences
from linreg_gui.runs.states import Action, state_words
from linreg_gui.texts import breakable, tr, trn
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.kept_runs import MOST_RUNS, KeptRuns
from linreg_gui.widgets.panels.kept_card import KeptCard


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
        TableCopier(self, self._rows)
        kept_runs.changed.connect(self._show_runs)
        theme.changed.connect(self._show_runs)
        self._show_runs()

    def _lay_out(self) -> None:
        title = text_label("title", tr("Compare"), wraps=False)
        buttons = flow(self.undo, self.show_all)
        head = fill(QHBoxLayout(), title, buttons, stretch=title)
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
            self.cards[kept].refresh(words or same)
        show_text(self.hint, self._hint_text)
        self.undo.setVisible(self._kept_runs.can_restore)
        self.show_all.setVisible(bool(runs))
        self.show_all.setText(tr("Hide all") if self._any_shown else tr("Show all"))

    def _rows(self) -> Rows:
        runs = self._kept_runs.runs
        return kept_runs_table(runs) if runs else []

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
        card = RunCard(kept, self._kept_runs, self._theme)
        card.again.clicked.connect(partial(self._on_again_clicked, kept))
        return card

    @property
    def _hint_text(self) -> str:
        if not self._kept_runs.runs:
            return tr(
                "Runs appear here when they are completed, stopped or diverged. A run that has "
                "made no step is not kept."
            )
        if self._kept_runs.is_hidden:
            return tr("While you predict, kept runs are not drawn. They come back with the run.")
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


class RunCard(KeptCard):
    """One kept run.

    Attributes
    ----------
    kept : KeptRun
        The run.
    pinned : QToolButton
        Keeps the run when the list is full.
    settings, outcome, obstacle : QLabel
        The settings that differ from the other runs, how the run ended, and why it cannot be drawn.
    again : QPushButton
        Take the settings of the run.
    stops : tuple of QWidget
        The controls, in tab order.
    """

    def __init__(self, kept: KeptRun, kept_runs: KeptRuns, theme: Theme) -> None:
        rename, delete = partial(kept_runs.rename, kept), partial(kept_runs.delete, kept)
        words = tr("Delete this run from the list (Del)")
        super().__init__(kept, theme, rename, delete, words)
        self.kept = kept
        self._kept_runs = kept_runs
        self.shown.clicked.connect(lambda on: kept_runs.set_shown(kept, shown=on))
        self._sample = LineSample(theme, self._look, width=28)
        self.pinned = mini_button(tr("Keep this run when the list is full"))
        self.pinned.setCheckable(True)
        self.pinned.clicked.connect(lambda on: kept_runs.set_pinned(kept, pinned=on))
        self.home = self.pinned
        self.settings = text_label("fact")
        self.outcome = text_label("muted")
        self.obstacle = text_label("muted")
        self.again = WrappingButton(tr("Same seed, other rate"))
        set_tip(self.again, tr("Use the settings of this run, and choose another learning rate"))
        self.stops = (self.shown, self.name, self.again, self.pinned, self.close_button)
        head = fill(QHBoxLayout(), self.shown, self._sample, self.name, spacing=4)
        foot = fill(QHBoxLayout(), self.again, None, self.pinned, self.close_button, spacing=4)
        fill(
            QVBoxLayout(self),
            *(head, self.settings, self.outcome, self.obstacle, foot),
            margins=(8, 6, 8, 8),
            spacing=4,
        )

    def refresh(self, settings: str) -> None:
        """Show the run; ``settings`` says how it differs from the other runs."""
        kept, theme = self.kept, self._theme
        self.show_title(
            {
                self.shown: tr("Draw {title}"),
                self.name: tr("Name of {title}"),
                self.pinned: tr("Pin {title}"),
                self.close_button: tr("Delete {title}"),
            }
        )
        self.settings.setText(breakable(settings))
        self.outcome.setText(_outcome(kept))
        self._show_whether_drawn()
        self.pinned.setIcon(theme.icon("pin", theme.palette.accent if kept.is_pinned else None))
        self.pinned.setChecked(kept.is_pinned)

    def _show_whether_drawn(self) -> None:
        obstacle = self._kept_runs.obstacle(self.kept)
        help_text = tr("Draw this run over the one on screen")
        if self._kept_runs.is_on_screen(self.kept):
            help_text = tr("On screen now. While checked, it is drawn over later runs, too.")
        self.shown.setEnabled(not obstacle)
        self.shown.setChecked(self.kept.is_shown and not obstacle)
        set_tip(self.shown, obstacle or help_text)
        show_text(self.obstacle, obstacle)
        self._sample.update()

    def _look(self, palette: Palette) -> Stroke:
        """Return the stroke of the curve that a person sees."""
        if self._kept_runs.is_on_screen(self.kept):
            return palette.path
        return palette.run(self.kept.color_index)


def _outcome(kept: KeptRun) -> str:
    """Say how the run ended, and how near to the least-squares solution."""
    run, steps = kept.run, kept.run.history.step
    after = trn("{outcome} after {steps} step", "{outcome} after {steps} steps", steps)
    near = (
        tr("Largest difference from least squares: {distance}")
        if run.config.data is None
        else tr("Least squares: {best}")
    )
    lines = (after, tr("Mean loss of the last epoch: {loss}"), near)
    return "\n".join(lines).format(
        outcome=tr("Stopped by its rule") if run.is_stopped else state_words(kept.state),
        steps=whole(steps),
        loss=significant(kept.final_loss),
        distance=significant(run.distance, 2),
        best=significant(run.references.loss),
    )
