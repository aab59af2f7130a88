"""Why features are standardised: the bowl before and after, and how far descent comes in each."""

from functools import partial

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

from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.training.descent import Descent, elongation
from linreg_gui.training.numbers import rounded_down
from linreg_gui.training.run import Run
from linreg_gui.widgets.plots.bowl_plot import BowlPlot
from linreg_gui.widgets.plots.choosers import PairChooser
from linreg_gui.widgets.plots.frame import standardised_words
from linreg_gui.widgets.scaling_words import explanation, large_number, shape_words
from linreg_gui.widgets.scroller import scroller
from linreg_gui.widgets.text_label import text_label
from linreg_gui.widgets.theme import GRID, Theme

_FACTS_WIDTHS = (104, 136)


class ScalingPanel(QFrame):
    """Shows the bowl of the run's data as measured and standardised, whichever is trained on.

    Attributes
    ----------
    pair : tuple of int
        The parameters on the axes of both, the bias last.
    measured, standardised : Bowl
        Each with its picture and its facts.

    Signals
    -------
    standardize_wanted(bool)
        A person wants standardised features to be trained on, or else those that were measured.
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
        self.standardised = Bowl(tr("Standardised"), theme)
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
        title = QLabel(tr("Why standardise?"))
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
        middle.addWidget(self.standardised, 1)
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
            Descent(frame.landscape, frame.parameters(run.history.start))
            for frame in (run.problem.original, run.problem.standardised)
        )
        measured, standardised = self._descents
        self.words.setText(explanation(run, measured, standardised))
        self.measured.show_facts(measured)
        self.standardised.show_facts(standardised)
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
        measured, standardised = self._descents
        problem, names = self._run.problem, self._run.parameter_names()
        x, y = (names[index] for index in self.pair)
        self.measured.plot.show_bowl(problem.original.landscape, measured, self.pair, (x, y))
        x, y = standardised_words(x), standardised_words(y)
        self.standardised.plot.show_bowl(
            problem.standardised.landscape, standardised, self.pair, (x, y)
        )

    @Slot()
    def _show_state(self) -> None:
        wanted = self._controller.settings.standardize
        self.standardize.setText(tr("Use as measured") if wanted else tr("Standardise"))
        if "standardize" in self._controller.pending_settings:
            self.state.setText(tr("Applies at Reset."))
        elif wanted:
            self.state.setText(tr("Trains on standardised features."))
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
        self.condition.setText(large_number(descent.condition))
        self.rate.setText(rounded_down(descent.largest_rate))
        self.steps.setText(large_number(descent.steps()))
