"""The data with the fit, in three views, and the minibatch of a step."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Slot
from PySide6.QtGui import QKeyEvent

from linreg_gui.analysis.coordinates import map_parameters
from linreg_gui.data.dataset import Dataset, DoubleArray, FloatArray, are_years
from linreg_gui.look.palette import Stroke
from linreg_gui.look.theme import Theme
from linreg_gui.number_text import significant
from linreg_gui.plots.announcement import diverged_run
from linreg_gui.plots.data_view import CANVAS, DataRange, Projection, View, line_ends
from linreg_gui.plots.data_words import data_note, data_summary, residual_words
from linreg_gui.plots.examples import Examples, Residuals, spread
from linreg_gui.plots.examples_plot import CROWD, ExamplesPlot
from linreg_gui.plots.guess_words import guess_words
from linreg_gui.plots.picture_table import PictureTable, numbers
from linreg_gui.plots.place_names import Mark, PlaceName, PlaceNameLayer, has_room_for_names
from linreg_gui.plots.plane_series import Cloud, Marker
from linreg_gui.plots.run_plot import Overlay
from linreg_gui.plots.series import Curve, Series, SeriesLayer
from linreg_gui.runs.guess import ShownGuesses
from linreg_gui.runs.run import Run
from linreg_gui.texts import paragraph, tr

if TYPE_CHECKING:
    from linreg_gui.plots.data_guesses import LinesByHand
    from linreg_gui.plots.point_editing import PointEditing
    from linreg_gui.threads.points import PointsOnShow

MOST_RESIDUALS = 200
"""Of more residuals than this, a sample is drawn."""

_LARGER = 4.0
_LARGER_IN_CROWD = 2.5
"""Predictions are so much larger than the examples."""
_RESIDUAL_WIDTH = 1.6
"""How many times as wide as other lines a residual is."""
_EXAMPLE_PIXELS = 20.0
_MOST_KEPT_CLEAR = 40
"""Names keep away from so many examples. Among more of them there is no other place."""


class DataPlot(ExamplesPlot):
    """The data and the fit.

    With two features a raw scatter stays a cloud even if the fit is perfect, because the other
    feature moves the target too. The adjusted view subtracts the share of the other feature, so the
    examples gather around the fitted line as training goes on.

    Attributes
    ----------
    predictions : Cloud
        Only in the raw view: in the others they would be on a line.
    fit, truth, diagonal, tried : Curve
        The line of the current parameters, of the true parameters, of perfect predictions, and of
        the parameters at the end of the what-if run.
    residuals : Residuals
        Lines from the examples of the minibatch to their predictions.
    example : Marker
        The prediction for an example that a person has typed.
    names : PlaceNameLayer
        The words for lines and places.
    """

    name = "data"
    views = View
    view: View

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            tr("Data"),
            theme,
            (
                (tr("raw"), tr("The examples, with the predictions over them")),
                (
                    tr("adjusted"),
                    tr("The examples minus the bias and the share of the other features"),
                ),
                (tr("predicted"), tr("Each prediction against its target")),
            ),
        )
        self._example: tuple[float, ...] | None = None
        self._tried: Overlay | None = None
        self._by_hand: LinesByHand | None = None
        self._editing: PointEditing | None = None
        self._line_ends = np.zeros(2)
        self._range = DataRange()
        self._declare_series()
        self.add_option(self._chooser)
        self.add_option(self._views)
        self.show_run(None)

    def _declare_series(self) -> None:
        self.predictions = Cloud(lambda palette: palette.prediction, tr("predictions ŷ"))
        self.fit = Curve(lambda palette: palette.prediction, tr("fitted line"))
        self.truth = Curve(lambda palette: palette.truth, tr("true line"))
        self.diagonal = Curve(lambda palette: palette.truth, tr("perfect prediction"))
        self.tried = Curve(lambda palette: palette.what_if, tr("what if"))
        self.residuals = Residuals(
            lambda palette: replace(
                palette.minibatch, width=_RESIDUAL_WIDTH * palette.minibatch.width
            )
        )
        self.example = Marker(
            lambda palette: Stroke(palette.accent, symbol="star"),
            tr("your example"),
            pixels=_EXAMPLE_PIXELS,
        )
        clouds = [self.examples, self.held_out, self.predictions]
        lines = [self.fit, self.truth, self.diagonal, self.tried]
        marks = [self.residuals, self.minibatch, self.picked]
        below = [self.held_out, self.predictions, self.examples]
        self._layer = SeriesLayer[Series](*below, *lines, *marks, self.example)
        self.names = PlaceNameLayer()
        self.canvas.add_layers(self._layer, self.key, self.names, self.announcement)
        self.add_to_legend(*clouds, *lines, *marks, self.example)
        self._named_in_corner = [*clouds, self.minibatch, self.residuals, self.picked]

    def explanation(self) -> str:
        """Return what the picture is for, in a few sentences."""
        return tr(
            "The examples, with what the model predicts for them. With several features, "
            "“adjusted” takes away the share of the other features, so that the fit is a line. "
            "“Predicted” compares each prediction with its target. With “My line” (H) you draw a "
            "line by hand."
        )

    def choose_view(self, run: Run, former: Run | None) -> None:
        """Show one feature as it is, and several adjusted."""
        dimension = run.dataset.dimension
        if former is None or former.dataset.dimension != dimension:
            self.view = View.RAW if dimension == 1 else View.ADJUSTED
            self.feature = 0

    def draw(self, run: Run, *, exactly: bool) -> None:
        """Draw the step on show, and make room for the parameters of a complete run."""
        if self._is_sketch:
            assert self._editing is not None
            self._editing.draw_sketch()
            self._draw_by_hand(run)
            self.size_markers()
            self._name_places()
            return
        parameters, projection = self.parameters_at(run, self.step_of(run)), self._projection
        placing = self._placing(parameters)
        x, y, predicted = projection.places(self._sampled, placing)
        held_out_x, held_out_y, _ = projection.places(self._held_out, placing)
        clouds = [(self.examples, x, y), (self.held_out, held_out_x, held_out_y)]
        self._range.follow(np.concatenate([y, held_out_y]))
        if self.view is View.RAW:
            clouds.append((self.predictions, x, predicted))
        for cloud, across, heights in clouds:
            (cloud.set_points if exactly else cloud.follow)(across, heights)
        self.fit.set_points(self._line_ends, projection.line(self._line_ends, parameters))
        if (truth := self.coordinates_of(run).true_parameters) is not None:
            self.truth.set_points(self._line_ends, projection.line(self._line_ends, truth))
        self.diagonal.set_points(self._line_ends, self._line_ends)
        self._draw_tried(run)
        if self._highlighted is not None:
            x, y, predicted = projection.places(self._highlighted, placing)
            self.minibatch.set_points(x, y)
            drawn = spread(len(x), MOST_RESIDUALS)
            ends = np.column_stack([y[drawn], predicted[drawn]]).ravel()
            self.residuals.set_points(np.repeat(x[drawn], 2), ends)
            self._range.highlight(x, y)
        self.example.move(*self._typed_example(run, parameters))
        if run.is_complete:
            self._hold_data(run)
        self.canvas.set_automatic_range(*self._range.ranges)
        pixels = self.size_markers(opaque=self.view is View.RAW)  # they cover their predictions
        is_crowded = len(self._sampled.target) > CROWD
        if self._editing is not None:
            self._editing.marks.draw(self, run, pixels)
        self.predictions.set_size(pixels + (_LARGER_IN_CROWD if is_crowded else _LARGER))
        self._draw_by_hand(run)
        self.set_note(self._describe(run))
        self.draw_picked(run, np.asarray(parameters))
        self._name_places()

    def placed(
        self, examples: Examples, _places: npt.NDArray[np.int64], parameters: DoubleArray
    ) -> tuple[DoubleArray, DoubleArray]:
        """Return x and y of ``examples``."""
        x, y, _ = self._projection.places(examples, self._placing(parameters))
        return x, y

    def _placing(self, parameters: FloatArray) -> FloatArray:
        """Return the parameters that place the examples: those of the line that adjusts them."""
        mine = self.mine if self._projection.keeps_bias else None
        return parameters if mine is None else mine

    def _draw_tried(self, run: Run) -> None:
        """Draw the line that the what-if run ends with, or say where it diverges."""
        tried, has_line = self._tried, self.has_line(run)
        ends = tried is not None and tried.diverged_at is None
        self.offer(self.tried, offered=has_line and ends)
        if tried is not None and ends:
            units = tried.units_in(self.coordinates_of(run))
            parameters = map_parameters(units, tried.run.history.current_parameters)
            self.tried.set_points(
                self._line_ends, self._projection.line(self._line_ends, parameters)
            )
        self.announcement.announce_divergence(diverged_run(run, [tried] if tried else []), run)

    def show_overlays(self, overlays: Sequence[Overlay], _note: str) -> None:
        """Draw the line of the what-if run, as far as it goes now; kept runs have none."""
        tried = next((overlay for overlay in overlays if overlay.is_what_if), None)
        if tried is self._tried is None:
            return
        self._tried = tried
        if self.run is not None and not self._is_sketch:
            self._draw_tried(self.run)
            self._name_places()
            self.set_note(self._describe(self.run))

    def take_view(self, other: Self) -> None:
        """Also show the line of the what-if run, and the typed example."""
        super().take_view(other)
        self._tried = other._tried
        self.show_example(other._example)
        self.redraw()

    def table_of(self, run: Run) -> PictureTable:
        """Return the examples that are drawn, with predictions now and of the line in hand."""
        table, mine = super().table_of(run), self.mine
        if mine is None:
            return table
        drawn = self._sampled.followed_by(self._held_out)
        return table.with_columns(numbers(tr("my line"), drawn.predicted(mine)))

    def show_example(self, features: tuple[float, ...] | None) -> None:
        """Mark the prediction for an example with these features, as measured; None removes it."""
        if features != self._example:
            self._example = features
            self.offer(self.example, offered=features is not None)
            if self.run is not None:
                self._hold_data(self.run)
                self.redraw()

    def show_guesses(self, guesses: ShownGuesses) -> None:
        """Show lines drawn by hand; while one is in hand, adjust the examples by its weights."""
        former, projection = self.guesses, self._projection
        super().show_guesses(guesses)
        if self._by_hand is None and not guesses.lines():
            return
        if self._by_hand is None:
            self._by_hand = self._make_by_hand()
        if projection != self._projection:
            self.highlight()
            self._show_view()
        elif self.run is not None:
            self._offer_series(self.run)
            hides = guesses.hides_solution
            if hides != former.hides_solution or self._moves_examples(former.mine, guesses.mine):
                self.redraw()
            else:
                self._draw_by_hand(self.run)
                self._name_places()
                self.set_note(self._describe(self.run))

    def summary_of(self, run: Run) -> str:
        """Say with numbers what the picture shows now."""
        words = self.in_words(run.dataset.feature_names[self.feature])
        step, hides = self.step_of(run), self.guesses.hides_solution
        coordinates = self.coordinates_of(run)
        sentence = data_summary(
            run, coordinates, self.view, self.feature, step, words, hides_solution=hides
        )
        return paragraph(sentence, *guess_words(self.guesses, run))

    def highlight(self) -> None:
        """Find the examples of the minibatch, with their residuals."""
        super().highlight()
        trace = self.trace_of(self.run)
        if trace is not None:
            self.rename(self.residuals, *residual_words(trace, MOST_RESIDUALS))
        # Where the line in hand adjusts the examples, their distances from the fit are none.
        is_offered = trace is not None and not self._projection.keeps_bias
        self.offer(self.residuals, offered=is_offered)

    def arrange(self, run: Run | None) -> None:
        """Show what belongs to the view, and begin with the range of the data."""
        self._layer.setVisible(run is not None)
        self._offer_series(run)
        if run is None:
            self.names.show_names([])
            return
        if self._is_sketch and self.points is not None:
            dataset = self.points.dataset
            self.set_axis_labels(dataset.feature_names[0], dataset.target_name)
            self.canvas.fit()
            return
        x, y, _ = self._projection.places(self._sampled, self.parameters_at(run, 0))
        if self._is_cloud(run):
            x = np.append(x, [-CANVAS, CANVAS])
        low, high = x.min(), x.max()
        span = (high - low) or max(1.0, abs(high) / 10)  # by one, a large number does not change
        self._line_ends = np.array([low - 2 * span, high + 2 * span])
        self.canvas.x_axis.grouped = not are_years(x)
        self.canvas.y_axis.grouped = not are_years(x if self.view is View.PREDICTED else y)
        names, target = run.dataset.feature_names, run.dataset.target_name
        self.set_axis_labels(*self._projection.axis_labels(names, target, self.in_words))
        self._range.begin()
        self._hold_data(run)
        self.canvas.set_automatic_range(*self._range.ranges)
        self.canvas.fit()

    def _make_by_hand(self) -> "LinesByHand":
        from linreg_gui.plots.data_guesses import LinesByHand  # noqa: PLC0415 - after first paint

        by_hand = LinesByHand(self.canvas, self.key)
        by_hand.moved.connect(self.guess_moved)
        marks = (by_hand.residuals, by_hand.squares)
        self.add_to_legend(by_hand.line, by_hand.best, *marks)
        self._named_in_corner += marks
        return by_hand

    def _draw_by_hand(self, run: Run) -> None:
        """Draw the lines drawn by hand, where predictions are on a line."""
        by_hand = self._by_hand
        if by_hand is None:
            return
        self.offer(by_hand.best, offered=self._shows_best(run))
        if self._is_sketch or not self.has_line(run):
            by_hand.clear()
            return
        by_hand.draw(
            self.guesses,
            self.coordinates_of(run),
            self._projection,
            self._sampled,
            self._line_ends,
            has_grips=self.has_grips,
        )
        words = by_hand.words(self._training_size)
        self.rename(by_hand.residuals, words[0])
        self.rename(by_hand.squares, words[1])

    def _shows_best(self, run: Run) -> bool:
        """Return whether least squares is beside the line in hand; edited points draw their own."""
        is_told = self.mine is not None and not self.guesses.hides_solution
        is_ours = self.shown_points is None and not run.references.undetermined
        return is_told and is_ours and self.has_line(run)

    def _moves_examples(self, former: FloatArray | None, mine: FloatArray | None) -> bool:
        """Return whether a move of the line in hand moves the examples: by their other features."""
        if not self._projection.keeps_bias or former is None or mine is None:
            return False
        if len(former) != len(mine):
            return True
        others = [index for index in range(len(mine) - 1) if index != self.feature]
        return not np.array_equal(former[others], mine[others])

    def _hold_data(self, run: Run) -> None:
        """Show a range that depends on the data, and on the parameters only at the end."""
        projection = self._projection
        optimum = np.array(self.coordinates_of(run).references.parameters)
        x, best, predicted = projection.places(self._sampled, optimum)
        held_out_x, held_out_best, _ = projection.places(self._held_out, optimum)
        self.key.avoid(x, best)
        heights = [best, held_out_best]
        if projection.keeps_bias:
            heights.append(np.percentile(self._sampled.target, [1, 99]))
        elif self.view is View.ADJUSTED:
            _, start, _ = projection.places(self._sampled, self.parameters_at(run, 0))
            heights.append(np.percentile(start, [1, 99]))
        else:
            heights.append(predicted)
        if run.is_complete and not projection.keeps_bias:
            _, *settled = projection.places(self._sampled, self.parameters_at(run))
            heights += settled
        if self._is_cloud(run):
            x, heights = np.append(x, [-CANVAS, CANVAS]), [*heights, np.array([-CANVAS, CANVAS])]
        self._range.hold([x, held_out_x], heights)
        if self.view is View.ADJUSTED and not projection.keeps_bias:
            self._range.hold_near(np.concatenate([best, held_out_best]))
        self._range.include(*self._typed_example(run, optimum))

    def _is_cloud(self, run: Run) -> bool:
        """Return whether a person has drawn all the points."""
        edited = self.parts(run)[0].edited
        return edited is not None and not edited.original.size

    def _typed_example(self, run: Run, parameters: FloatArray) -> tuple[float, float]:
        """Return where the typed example is at ``parameters``; NaN if it is nowhere."""
        if self._example is None or len(self._example) != run.dataset.dimension:
            return math.nan, math.nan
        features = self.coordinates_of(run).features(np.array([self._example]))
        return self._projection.prediction(np.asarray(features, np.float64), parameters)

    def _name_places(self) -> None:
        """Name lines at their ends, the typed example beside it, and clouds in a corner."""
        has_room = self.run is not None and not self.is_thumbnail
        if not has_room or not has_room_for_names(self.canvas):
            self.names.show_names([])
            self.key.show_entries([])
            return
        marks = [] if self._editing is None else self._editing.marks.in_corner
        self.key.show_entries([] if self.announcement.text else [*self._named_in_corner, *marks])
        names = [PlaceName(self.example, self.example.x, self.example.y, self._example_words())]
        for line, words in (
            (self.fit, "" if self._has_diverged else tr("fit")),  # no steep line under the words
            (self.truth, tr("true line")),
            (self.diagonal, tr("perfect prediction")),
            (self.tried, tr("what if")),
            *([] if self._editing is None else self._editing.marks.names),
        ):
            end, other_end = line_ends(line, self.canvas)
            names.append(PlaceName(line, *end, words, other_end=other_end))
        if self._by_hand is not None:
            names = self._by_hand.names() + names
        covered = [area for layer in (self.key, self.announcement) for _, area in layer.written()]
        self.names.keep_clear(self._marks(), covered)
        self.names.show_names(names)

    def _marks(self) -> Iterator[Mark]:
        """Yield what no name should cover: grips, few examples, and those picked or edited."""
        if self._by_hand is not None:
            for place in self._by_hand.covered:
                yield *place, self._by_hand.grip_radius
        clouds = [self.picked]
        if self.view is View.RAW:  # elsewhere they move
            clouds += [self.examples, self.held_out]
        if self._editing is not None:
            clouds += [self._editing.marks.added, self._editing.marks.removed]
        for cloud in clouds:
            if cloud.visible and len(cloud.x) <= _MOST_KEPT_CLEAR:
                radius = cloud.pixels / 2
                yield from ((x, y, radius) for x, y in np.column_stack([cloud.x, cloud.y]).tolist())

    @property
    def _has_diverged(self) -> bool:
        return self.run is not None and self.run.diverged_at is not None

    def _example_words(self) -> str:
        run = self.run
        assert run is not None
        if self._example is None or math.isnan(self.example.x):
            return ""
        trained = run.history.parameters_at(self.step_of(run))
        parameters = run.problem.original.parameters(trained)
        predicted = float(np.dot(self._example, parameters[:-1]) + parameters[-1])
        return tr("your example, ŷ = {number}").format(number=significant(predicted, 4))

    def _offer_series(self, run: Run | None) -> None:
        if self._is_sketch:
            self._chooser.setVisible(False)
            for series in self._layer.series:
                self.offer(series, offered=series is self.examples)
            return
        several = run is not None and run.dataset.dimension > 1
        predicted = self.view is View.PREDICTED
        has_line = self.has_line(run)
        is_known = run is not None and run.dataset.true_parameters is not None
        has_truth = is_known and not self.guesses.hides_solution
        self._chooser.setVisible(several and not predicted)
        self.offer(self.predictions, offered=self.view is View.RAW)
        self.offer(self.held_out, offered=len(self._held_out.target) > 0)
        self.offer(self.examples, offered=True)
        self.offer(self.example, offered=self._example is not None)
        self.offer(self.fit, offered=has_line)
        self.offer(self.truth, offered=has_line and has_truth)
        self.offer(self.diagonal, offered=predicted)
        if self._by_hand is not None:
            guesses, is_mine = self.guesses, has_line and self.guesses.mine is not None
            self.offer(self._by_hand.line, offered=is_mine)
            self.offer(self._by_hand.residuals, offered=is_mine and guesses.draws_residuals)
            self.offer(self._by_hand.squares, offered=is_mine and guesses.draws_squares)

    def target_at(self, features: DoubleArray, y: float) -> float:
        """Return the target of an example, with features in these units, that is drawn at ``y``."""
        run = self.run
        assert run is not None
        example = Examples(features[np.newaxis], np.zeros(1))
        parameters = np.asarray(self.parameters_at(run, self.step_of(run)))
        _, (at_zero,) = self.placed(example, np.zeros(1, np.int64), parameters)
        return y - float(at_zero)

    def line_of(self, parameters: FloatArray) -> tuple[DoubleArray, DoubleArray]:
        """Return the ends of the line of ``parameters``, in the units of the picture."""
        return self._line_ends, self._projection.line(self._line_ends, parameters)

    def placed_at(
        self, dataset: Dataset, places: npt.NDArray[np.int64]
    ) -> tuple[DoubleArray, DoubleArray]:
        """Return x and y of the examples at ``places`` of a dataset, at the step on show."""
        run = self.run
        assert run is not None
        examples = Examples.of(dataset, self.coordinates_of(run), dataset.rows_at(places))
        return self.placed(examples, places, np.asarray(self.parameters_at(run, self.step_of(run))))

    def show_points(self, points: "PointsOnShow | None") -> None:
        """Show examples that a person edits, and let them be taken hold of."""
        if points is not None and self._editing is None:
            from linreg_gui.plots.point_editing import PointEditing  # noqa: PLC0415 - seldom

            self._editing = PointEditing(self)
            self._layer.set_series([*self._layer.series, *self._editing.marks.series])
            self.add_to_legend(*self._editing.marks.series)
        super().show_points(points)
        if self._editing is not None and self._editing.show(points):
            self.arrange(self.run)
        if not self.canvas.is_gripping:
            self.make_room_for_points()
        self.redraw()

    @Slot()
    def make_room_for_points(self) -> None:
        """Make room for points that a person has moved, now that no hand holds one."""
        if self.run is not None and self.shown_points is not None:
            self._hold_data(self.run)
            self.canvas.set_automatic_range(*self._range.ranges)

    @property
    def _is_sketch(self) -> bool:
        return self._editing is not None and self._editing.is_sketch

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change picked examples; the window has all the other keys."""
        if self._editing is None or not self._editing.handle.handle_key(event):
            super().keyPressEvent(event)

    def has_line(self, run: Run | None) -> bool:
        """Return whether the predictions are on a line in this view."""
        several = run is not None and run.dataset.dimension > 1
        return self.view is View.ADJUSTED or (self.view is View.RAW and not several)

    @property
    def _projection(self) -> Projection:
        keeps_bias = self.view is View.ADJUSTED and self.mine is not None
        return Projection(self.view, self.feature, keeps_bias)

    def _describe(self, run: Run) -> str:
        if self._editing is not None and (note := self._editing.note(run)):
            return note
        if self.guesses.mine is not None:
            return self._describe_mine(run)
        _, (low, high) = self._range.ranges
        moving = self.predictions if self.view is View.RAW else self.examples
        if not np.any((moving.y >= low) & (moving.y <= high)):
            if self.view is View.ADJUSTED:
                return tr("The examples are outside the picture now.")
            return tr("The predictions are outside the picture now.")
        return data_note(run, self.view, is_near=self._range.is_near)

    def _describe_mine(self, run: Run) -> str:
        if not self.has_line(run):
            return tr("Choose “adjusted” to see your line.")
        if self._shows_best(run) and run.dataset.dimension > 1:
            return tr(
                "The examples are adjusted with your other weights. They gather around least "
                "squares only if these weights are good."
            )
        return tr("Drag the line by its ends or its middle, or move them with ↑ and ↓.")
