"""The panel that shows why features are standardized."""

from functools import partial

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.analysis.landscape import Descent, Landscape, elongation
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.controls import scroller, text_label
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.number_text import round_to, rounded_down, significant, spoken
from linreg_gui.plots.bowl_plot import BowlPlot
from linreg_gui.plots.card import PairChooser, standardized_words
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController

_ROUND, _LONG = 4.0, 100.0
"""Up to these condition numbers a bowl is at most 2, or 10, times as long as it is wide."""
_WORTH = 4.0
"""Standardizing that makes the condition number so many times smaller is worth it."""
_UNLIKE = 3.0
"""Features of which one is so many times as large as another are not alike in size."""
_UNLIKE_BY_FAR = 10.0


def shape_words(descent: Descent) -> str:
    """Say what the bowl looks like."""
    if descent.flat:
        return tr("trough with a flat floor")
    if descent.condition <= _ROUND:
        return tr("round bowl")
    return tr("long bowl") if descent.condition <= _LONG else tr("narrow valley")


def explanation(run: Run, measured: Descent, standardized: Descent) -> str:
    """Say why the one bowl is what it is, and what the other one gains."""
    problem, names = run.problem, run.dataset.feature_names
    if measured.condition > _WORTH * standardized.condition:
        words = tr(
            "As measured, {reason}: a {shape}. The rate that its steep sides allow is slow along "
            "its floor and takes {more} to come within 1\u00a0%. Standardized, every feature has "
            "mean 0 and spread 1: a {new_shape}, and {fewer} will do."
        ).format(
            reason=_reason(problem.original.landscape, names),
            shape=shape_words(measured),
            more=_steps(measured.steps()),
            new_shape=shape_words(standardized),
            fewer=_steps(standardized.steps()),
        )
    else:
        words = _little_changes(shape_words(measured), shape_words(standardized))
    if standardized.condition > _ROUND and not standardized.flat:
        words += " " + _together(problem.standardized.landscape, names)
    return f"{words} {run.references.undetermined}".rstrip()


def _steps(count: int) -> str:
    return tr("1 step") if count == 1 else tr("{count} steps").format(count=spoken(count))


def _little_changes(shape: str, new_shape: str) -> str:
    if shape == new_shape:
        words = tr("Standardizing changes little here: there is a {shape} either way.")
    else:
        words = tr(
            "Standardizing changes little here: as measured there is a {shape}, and standardized "
            "a {new_shape}."
        )
    return words.format(shape=shape, new_shape=new_shape)


def _reason(landscape: Landscape, names: tuple[str, ...]) -> str:
    """Say which features differ most in size, or which one is far from 0."""
    means, squares = landscape.hessian[-1, :-1] / 2, np.diag(landscape.hessian)[:-1] / 2
    varied = np.flatnonzero(squares)
    sizes = np.sqrt(squares[varied])
    small, large = int(sizes.argmin()), int(sizes.argmax())
    if sizes[large] >= _UNLIKE_BY_FAR * sizes[small]:
        return tr("{large} counts about {size} and {small} about {other}").format(
            large=names[varied[large]],
            size=spoken(round_to(sizes[large], 3)),
            small=names[varied[small]],
            other=spoken(round_to(sizes[small], 3)),
        )
    odd = int(np.abs(np.log(sizes)).argmax())
    if not 1 / _UNLIKE < sizes[odd] < _UNLIKE:
        return tr("{name} counts about {size} and the bias’s input is always 1").format(
            name=names[varied[odd]], size=spoken(round_to(sizes[odd], 3))
        )
    far = int((np.abs(means[varied]) / sizes).argmax())
    return tr("{name} varies around {mean} and not around 0").format(
        name=names[varied[far]], mean=significant(float(means[varied[far]]), 2)
    )


def _together(landscape: Landscape, names: tuple[str, ...]) -> str:
    correlations: DoubleArray = np.triu(landscape.hessian[:-1, :-1] / 2, 1)
    first, second = np.unravel_index(np.abs(correlations).argmax(), correlations.shape)
    return tr(
        "{first} and {second} go together (correlation {value}), which standardizing cannot part."
    ).format(
        first=names[first],
        second=names[second],
        value=significant(float(correlations[first, second]), 2),
    )


_FACTS_WIDTHS = (104, 136)


class ScalingPanel(QFrame):
    """Shows the bowl of the run's data as measured and standardized, whichever is trained on.

    Attributes
    ----------
    pair : tuple of int
        The parameters on the axes of both, the bias last.
    measured, standardized : Bowl
        Each with its picture and its facts.

    Signals
    -------
    standardize_wanted(bool)
        A person wants standardized features to be trained on, or else those that were measured.
    """

    standardize_wanted = Signal(bool)

    def __init__(self, controller: TrainingController, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self._run: Run | None = None
        self._descents: tuple[Descent, ...] = ()
        self._feature_names: tuple[str, ...] = ()
        self.pair = (0, 1)
        self.chooser = PairChooser()
        self.chooser.pair_chosen.connect(self.set_pair)
        self.words = text_label("fact")
        self.measured = Bowl(tr("As measured"), theme)
        self.standardized = Bowl(tr("Standardized"), theme)
        self.standardize = QPushButton()
        self.standardize.clicked.connect(self._on_standardize_clicked)
        self.state = text_label("muted")
        self._lay_out()
        controller.run_prepared.connect(self._on_run_prepared)
        controller.settings_changed.connect(self._show_state)
        controller.state_changed.connect(self._show_state)
        self._on_run_prepared()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, GRID, 0)
        title = QLabel(tr("Why standardize?"))
        title.setProperty("role", "title")
        head.addWidget(title, 1)
        head.addWidget(self.chooser)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.standardize)
        foot.addWidget(self.state, 1)
        content = QWidget()
        middle = QVBoxLayout(content)
        middle.setContentsMargins(0, 0, GRID, 0)
        middle.setSpacing(GRID)
        middle.addWidget(self.words)
        middle.addWidget(self.measured, 1)
        middle.addWidget(self.standardized, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 12)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(scroller(content, takes_focus=True), 1)
        column.addLayout(foot)

    @Slot(object)
    def set_pair(self, pair: tuple[int, int]) -> None:
        """Put other parameters on the axes."""
        self.pair = pair
        self._show_pair()

    @Slot()
    def _on_run_prepared(self) -> None:
        """Take up the run, unless nobody looks: then `showEvent` does."""
        run = self._controller.run
        if not self.isVisible():
            self._run = None  # nor is it kept in memory
            return
        if run is None or run is self._run:
            return
        self._run = run
        if run.dataset.feature_names != self._feature_names:
            self._feature_names = run.dataset.feature_names
            self._offer_pairs(run)
        self._descents = tuple(
            Descent(coordinates.landscape, coordinates.parameters(run.history.start))
            for coordinates in (run.problem.original, run.problem.standardized)
        )
        measured, standardized = self._descents
        self.words.setText(explanation(run, measured, standardized))
        self.measured.show_facts(measured)
        self.standardized.show_facts(standardized)
        self._show_pair()
        self._show_state()

    def _offer_pairs(self, run: Run) -> None:
        self.chooser.offer(run)
        pairs = self.chooser.pairs
        of_weights = [pair for pair in pairs if pair[1] < run.dataset.dimension]
        landscape = run.problem.original.landscape
        self.pair = max(of_weights or pairs, key=partial(elongation, landscape))

    def _show_pair(self) -> None:
        assert self._run is not None
        self.chooser.show_pair(self.pair)
        measured, standardized = self._descents
        problem, names = self._run.problem, self._run.parameter_names()
        x, y = (names[index] for index in self.pair)
        self.measured.plot.show_bowl(problem.original.landscape, measured, self.pair, (x, y))
        x, y = standardized_words(x), standardized_words(y)
        self.standardized.plot.show_bowl(
            problem.standardized.landscape, standardized, self.pair, (x, y)
        )

    @Slot()
    def _show_state(self) -> None:
        wanted = self._controller.settings.standardize
        self.standardize.setText(tr("Use as measured") if wanted else tr("Standardize"))
        if "standardize" in self._controller.pending_settings:
            self.state.setText(tr("Applies at Reset."))
        elif wanted:
            self.state.setText(tr("Trains on standardized features."))
        else:
            self.state.setText(tr("Trains on the features as measured."))

    @Slot()
    def _on_standardize_clicked(self) -> None:
        self.standardize_wanted.emit(not self._controller.settings.standardize)

    def showEvent(self, event: QShowEvent) -> None:
        """Take up the run that came while nobody looked."""
        super().showEvent(event)
        self._on_run_prepared()


class Bowl(QWidget):
    """One of the two: the picture, and beside it the facts.

    Attributes
    ----------
    plot : BowlPlot
        The picture.
    shape, condition, rate, steps : QLabel
        The facts, for people.
    """

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__()
        self.plot = BowlPlot(title, theme)
        self.shape = text_label("group")
        self.condition, self.rate, self.steps = (QLabel() for _ in range(3))
        facts = QVBoxLayout()
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(0)
        facts.addSpacing(GRID)
        facts.addWidget(self.shape)
        for number, words, help_text in (
            (
                self.condition,
                tr("condition number"),
                tr("How many times as steep the steepest direction is as the gentlest."),
            ),
            (
                self.rate,
                tr("largest stable rate"),
                tr("Above it gradient descent on all the examples diverges."),
            ),
            (
                self.steps,
                tr("steps to within 1\u00a0% of least squares"),
                tr("So many leave 1\u00a0% of what the loss was above its lowest at the start."),
            ),
        ):
            number.setProperty("role", "state")
            number.setTextFormat(Qt.TextFormat.PlainText)
            caption = text_label("muted", words)
            caption.setToolTip(help_text)
            facts.addSpacing(GRID)
            facts.addWidget(number)
            facts.addWidget(caption)
        facts.addStretch(1)
        column = QWidget()
        column.setLayout(facts)
        column.setMinimumWidth(_FACTS_WIDTHS[0])
        column.setMaximumWidth(_FACTS_WIDTHS[1])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.plot, 2)
        row.addWidget(column, 1)

    def show_facts(self, descent: Descent) -> None:
        """Show how far ``descent`` comes."""
        self.shape.setText(shape_words(descent))
        self.condition.setText(spoken(descent.condition))
        self.rate.setText(rounded_down(descent.largest_rate))
        self.steps.setText(spoken(descent.steps()))
