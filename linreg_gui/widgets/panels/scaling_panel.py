"""The panel that shows why features are standardized."""

from functools import partial

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from linreg_gui.analysis.coordinates import Coordinates
from linreg_gui.analysis.landscape import Descent, Landscape, elongation
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.look.controls import area, fill, push_button, scroller, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.plain import set_tip
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.number_text import round_to, rounded_down, significant, spoken
from linreg_gui.plots.contours import BowlPlot
from linreg_gui.plots.run_plot import standardized_words
from linreg_gui.plots.title_row import PairChooser
from linreg_gui.runs.run import Run
from linreg_gui.texts import paragraph, retold, tr, trc, trn
from linreg_gui.threads.controller import TrainingController

_ROUND, _LONG = 4.0, 100.0
"""Up to these condition numbers a bowl is at most 2, or 10, times as long as it is wide."""
_WORTH = 4.0
"""Standardizing is worth it if it divides the condition number by more than this factor."""
_UNLIKE = 3.0
"""Features differ in size if one is larger by this factor, and greatly by the next one."""
_UNLIKE_BY_FAR = 10.0


def shape_words(descent: Descent) -> str:
    """Return the name of a shape like that of the loss."""
    if descent.flat:
        return tr("trough with a flat floor")
    if descent.condition <= _ROUND:
        return tr("round bowl")
    return tr("long bowl") if descent.condition <= _LONG else tr("narrow valley")


def shape_in_sentence(descent: Descent) -> str:
    """Return the same for use in a sentence, as in “the loss is a round bowl”."""
    if descent.flat:
        return tr("a trough with a flat floor")
    if descent.condition <= _ROUND:
        return tr("a round bowl")
    return tr("a long bowl") if descent.condition <= _LONG else tr("a narrow valley")


def explanation(run: Run, measured: Descent, standardized: Descent) -> str:
    """Say why the loss has its shape, and what standardizing changes."""
    problem, names = run.problem, run.dataset.feature_names
    shape, new_shape = shape_in_sentence(measured), shape_in_sentence(standardized)
    if measured.condition > _WORTH * standardized.condition:
        sentences = [
            _reason(problem.original.landscape, names),
            tr(
                "The loss is {shape}: its steep sides allow only small steps, so it takes "
                "{steps} to come within 1\u00a0% of least squares."
            ).format(shape=shape, steps=_steps(measured.steps())),
            tr(
                "Standardized, with mean 0 and standard deviation 1, it is {shape} and takes "
                "{steps}."
            ).format(shape=new_shape, steps=_steps(standardized.steps())),
        ]
    else:
        words = tr("Standardizing changes little here: the loss is {shape} either way.")
        if shape != new_shape:
            words = tr(
                "Standardizing changes little here: as measured the loss is {shape}, and "
                "standardized {new_shape}."
            )
        sentences = [words.format(shape=shape, new_shape=new_shape)]
    if standardized.condition > _ROUND and not standardized.flat:
        sentences.append(_correlated(problem.standardized.landscape, names))
    return paragraph(*sentences, retold(run.references.undetermined))


def _steps(count: int) -> str:
    if 1e6 <= count < 1e15:  # `spoken` says it in words
        words = trc("a number in words", "{count} steps")
    else:
        words = trn("{count} step", "{count} steps", count)
    return words.format(count=spoken(count))


def _reason(landscape: Landscape, names: tuple[str, ...]) -> str:
    """Say which features differ most in size, or which one is far from 0."""
    means, squares = landscape.hessian[-1, :-1] / 2, np.diag(landscape.hessian)[:-1] / 2
    varied = np.flatnonzero(squares)
    sizes = np.sqrt(squares[varied])
    small, large = int(sizes.argmin()), int(sizes.argmax())
    if sizes[large] >= _UNLIKE_BY_FAR * sizes[small]:
        return tr(
            "As measured, {large} has values of about {size} and {small} of about {other}."
        ).format(
            large=names[varied[large]],
            size=spoken(round_to(sizes[large], 3)),
            small=names[varied[small]],
            other=spoken(round_to(sizes[small], 3)),
        )
    odd = int(np.abs(np.log(sizes)).argmax())
    if not 1 / _UNLIKE < sizes[odd] < _UNLIKE:
        return tr(
            "As measured, {name} has values of about {size}, while the input of the bias is "
            "always 1."
        ).format(name=names[varied[odd]], size=spoken(round_to(sizes[odd], 3)))
    far = int((np.abs(means[varied]) / sizes).argmax())
    return tr("As measured, {name} varies around {mean}, not around 0.").format(
        name=names[varied[far]], mean=significant(float(means[varied[far]]), 2)
    )


def _correlated(landscape: Landscape, names: tuple[str, ...]) -> str:
    correlations: DoubleArray = np.triu(landscape.hessian[:-1, :-1] / 2, 1)
    first, second = np.unravel_index(np.abs(correlations).argmax(), correlations.shape)
    return tr(
        "{first} and {second} are correlated ({value}), and standardizing does not change that."
    ).format(
        first=names[first],
        second=names[second],
        value=significant(float(correlations[first, second]), 2),
    )


_FACTS_WIDTH = 104
_WIDTH_FOR_FACTS = 400


class ScalingPanel(QFrame):
    """Shows the loss of the run's data twice: over measured and over standardized features.

    Attributes
    ----------
    pair : tuple of int
        The parameters on the axes of both pictures, the bias last.
    chooser : PairChooser
        Chooses the pair.
    words, state : QLabel
        The explanation, and which features the run trains on.
    measured, standardized : Bowl
        The pictures with their facts.
    standardize : QPushButton
        Switches to the other features.
    """

    def __init__(self, controller: TrainingController, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self._run: Run | None = None
        self._feature_names: tuple[str, ...] = ()
        self.pair = (0, 1)
        self.chooser = PairChooser()
        self.chooser.committed.connect(self.set_pair)
        self.words = text_label("fact")
        self.measured = Bowl(tr("As measured"), theme)
        self.standardized = Bowl(tr("Standardized"), theme)
        self.standardize = push_button("", self._on_standardize_clicked)
        self.state = text_label("muted")
        self._lay_out()
        theme.changed.connect(self._place_facts)
        controller.run_prepared.connect(self._on_run_prepared)
        controller.settings_changed.connect(self._show_state)
        controller.state_changed.connect(self._show_state)
        self._on_run_prepared()

    def _lay_out(self) -> None:
        head = flow(text_label("title", tr("Why standardize?"), wraps=False), self.chooser)
        content = fill(QVBoxLayout(), self.words, margins=(0, 0, GRID, 0))
        content.addWidget(self.measured, 1)
        content.addWidget(self.standardized, 1)
        body = scroller(area(content), takes_focus=True)
        body.setAccessibleName(tr("The landscape before and after"))
        foot = fill(QVBoxLayout(), self.state, fill(QHBoxLayout(), self.standardize, None))
        fill(QVBoxLayout(self), head, body, foot, margins=(16, 12, 8, 12), stretch=body)

    @Slot(object)
    def set_pair(self, pair: tuple[int, int]) -> None:
        """Show another pair of parameters on the axes, now or when the panel is shown again."""
        self.pair = pair
        if self._run is not None:
            self._show_pair()

    @Slot()
    def _on_run_prepared(self) -> None:
        """Show the new run; while the panel is hidden, leave that to `showEvent`."""
        run = self._controller.run
        if not self.isVisible():
            self._run = None  # lets its memory go
            return
        if run is None or run is self._run:
            return
        self._run = run
        if run.dataset.feature_names != self._feature_names:
            self._feature_names = run.dataset.feature_names
            self._offer_pairs(run)
        measured = self.measured.show_descent(run.problem.original, run.history.start)
        standardized = self.standardized.show_descent(run.problem.standardized, run.history.start)
        self.words.setText(explanation(run, measured, standardized))
        self._show_pair()
        self._show_state()

    def _offer_pairs(self, run: Run) -> None:
        self.chooser.offer(run)
        pairs = self.chooser.values
        of_weights = [pair for pair in pairs if pair[1] < run.dataset.dimension]
        landscape = run.problem.original.landscape
        self.pair = max(of_weights or pairs, key=partial(elongation, landscape))

    def _show_pair(self) -> None:
        assert self._run is not None
        self.chooser.set_value(self.pair)
        names = self._run.parameter_names()
        x, y = (names[index] for index in self.pair)
        self.measured.show_pair(self.pair, (x, y))
        self.standardized.show_pair(self.pair, (standardized_words(x), standardized_words(y)))

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
        self._controller.standardize(not self._controller.settings.standardize)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the facts for the new width."""
        super().resizeEvent(event)
        self._place_facts()

    @Slot()
    def _place_facts(self) -> None:
        """Put the facts of each picture below it if there is no room beside it."""
        for bowl in (self.measured, self.standardized):
            bowl.set_beside(beside=self.width() >= px(_WIDTH_FOR_FACTS))

    def showEvent(self, event: QShowEvent) -> None:
        """Show the run that was prepared while the panel was hidden."""
        super().showEvent(event)
        self._on_run_prepared()


class Bowl(QWidget):
    """The picture of one loss, and its facts beside it.

    Attributes
    ----------
    plot : BowlPlot
        The picture.
    shape, condition, rate, steps : QLabel
        The facts.
    """

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__()
        self.plot = BowlPlot(title, theme)
        self.shape = text_label("group")
        self.condition, self.rate, self.steps = (text_label("state", wraps=False) for _ in range(3))
        facts = (
            (
                self.condition,
                tr("condition number"),
                tr("How many times steeper the steepest direction is than the flattest one."),
            ),
            (
                self.rate,
                tr("largest stable rate"),
                tr("Above this rate, gradient descent on all examples diverges."),
            ),
            (
                self.steps,
                tr("steps to within 1\u00a0% of least squares"),
                tr(
                    "After this many steps the loss is within 1\u00a0% of its minimum, compared "
                    "with the start."
                ),
            ),
        )
        column = fill(QVBoxLayout(), GRID, self.shape, spacing=0)
        for number, words, help_text in facts:
            caption = text_label("muted", words)
            set_tip(caption, help_text)
            fill(column, GRID, number, caption, spacing=0)
        column.addStretch(1)
        beside = area(column)
        keep_scaled(beside, setMinimumWidth=_FACTS_WIDTH)
        self._row = fill(QHBoxLayout(self))
        self._row.addWidget(self.plot, 2)
        self._row.addWidget(beside, 1)

    def set_beside(self, *, beside: bool) -> None:
        """Put the facts beside the picture, or below it."""
        directions = QHBoxLayout.Direction
        self._row.setDirection(directions.LeftToRight if beside else directions.TopToBottom)

    def show_descent(self, coordinates: Coordinates, start: FloatArray) -> Descent:
        """Show the facts of gradient descent from ``start``, in original units; return it."""
        self._landscape = coordinates.landscape
        self._descent = descent = Descent(self._landscape, coordinates.parameters(start))
        self.shape.setText(shape_words(descent))
        self.condition.setText(spoken(descent.condition))
        self.rate.setText(rounded_down(descent.largest_rate))
        self.steps.setText(spoken(descent.steps()))
        return descent

    def show_pair(self, pair: tuple[int, int], labels: tuple[str, str]) -> None:
        """Show the plane of two parameters, whose names are ``labels``."""
        self.plot.show_bowl(self._landscape, self._descent, pair, labels)
        words = tr(
            "The loss over {x} and {y}: {shape}. The condition number is {condition}, and it "
            "takes {steps} to come within 1\u00a0% of least squares."
        )
        self.plot.set_description(
            words.format(
                x=labels[0],
                y=labels[1],
                shape=shape_in_sentence(self._descent),
                condition=self.condition.text(),
                steps=_steps(self._descent.steps()),
            )
        )
