"""Two runs side by side on the stage: the same picture of both, at the same step."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QVBoxLayout

from linreg_gui import plots
from linreg_gui.look.controls import area, fill, rich_label, scroller, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.speech import announce
from linreg_gui.look.theme import GRID, Theme
from linreg_gui.number_text import significant, whole
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.plots.shared_range import SharedRange
from linreg_gui.plots.title_row import Segments, small_button
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr
from linreg_gui.threads.contrasts import Contrasts
from linreg_gui.widgets.panels.contrasts_panel import question_words
from linreg_gui.widgets.panels.stop_page import rendered
from linreg_gui.widgets.window.stage import Cover, Stage
from linreg_gui.widgets.window.timeline import Timeline


class SideBySide(Cover):
    """The two runs of a contrast, each with a picture of its own, and one timeline for both.

    The picture is the one that is on the stage, so the keys and menus for pictures work as usual.

    Attributes
    ----------
    halves : tuple of Half
        The left one and the right one.
    choice : Segments
        The pictures to choose from.
    why : QToolButton
        Shows the answer in place of the pictures. It is there while the card is not.
    answer : QLabel
        What differs, and why.
    timeline : Timeline
        Of both runs.

    Signals
    -------
    menu_wanted(RunPlot, QPoint)
        As that of `RunPlot`.
    """

    menu_wanted = Signal(object, object)

    def __init__(self, contrasts: Contrasts, stage: Stage, theme: Theme) -> None:
        super().__init__()
        self._contrasts = contrasts
        self._stage = stage
        self._pairs: dict[int, _Pair] = {}
        self._theme = theme
        self.halves = Half(), Half()
        self.choice = Segments([picture.title for picture in stage.pictures])
        self.choice.group.idClicked.connect(self._on_chosen)
        self.timeline = Timeline(contrasts, contrasts.playhead, theme)
        self._waiting: list[Half] = []
        self._step: int | None = None
        self._is_exact = self._is_due = self._is_exact_due = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._refresh_next)
        grid = QGridLayout()  # the pictures are level, however many lines the words take
        keep_scaled(grid, setContentsMargins=(0, 0, 0, 0), setSpacing=GRID // 2)
        keep_scaled(grid, setHorizontalSpacing=GRID)
        grid.setRowStretch(1, 1)
        for column, half in enumerate(self.halves):
            grid.setColumnStretch(column, 1)
            grid.addWidget(half.head, 0, column)
            grid.addWidget(half.body, 1, column)
        self.why = small_button(tr("Why?"), question_words())
        self.why.setCheckable(True)
        self.why.toggled.connect(self._show_answer)
        self.answer = rich_label()
        self.answer.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages = QStackedWidget()
        self._pages.addWidget(area(grid))
        self._pages.addWidget(scroller(self.answer, takes_focus=True))
        head = flow(self.choice, self.why)
        fill(QVBoxLayout(self), head, self._pages, self.timeline, stretch=self._pages)
        stage.arranged.connect(self._on_arranged)
        contrasts.changed.connect(self._on_changed)
        contrasts.run_prepared.connect(self._show_runs)
        contrasts.run_progressed.connect(self._on_progressed)
        contrasts.state_changed.connect(self._on_progressed)
        contrasts.playhead.moved.connect(self._refresh)

    @property
    def pictures(self) -> tuple[RunPlot, RunPlot]:
        """Return the picture of each half."""
        left, right = (half.picture for half in self.halves)
        assert left is not None
        assert right is not None
        return left, right

    @property
    def picture(self) -> RunPlot:
        """Return the left picture. What is done with it is done with the other, too."""
        return self.pictures[0]

    def show_legends(self, *, wanted: bool) -> None:
        """Show the legend of every picture in the halves, or hide it."""
        for pair in self._pairs.values():
            for picture in pair.pictures:
                picture.show_legend(wanted=wanted)

    def show_units(self) -> None:
        """Draw both halves in the units of the picture on the stage."""
        self._show_runs()

    def begin(self) -> None:
        """Show the present contrast, in the picture on the stage."""
        self._on_changed()
        self._on_arranged()
        left, right = (half.words.text() for half in self.halves)
        announce(self, tr("Side by side: {left}, and {right}").format(left=left, right=right))

    @Slot()
    def _on_changed(self) -> None:
        posed = self._contrasts.posed
        self.why.setChecked(False)
        if posed is not None:
            for half, side in zip(self.halves, posed.sides, strict=True):
                half.words.setText(side.words)

    def offer_answer(self, *, wanted: bool) -> None:
        """Offer the answer here, because the card that has it is out of sight."""
        self.why.setVisible(wanted)
        if not wanted:
            self.why.setChecked(False)

    @Slot(bool)
    def _show_answer(self, wanted: bool) -> None:
        """Show the answer in place of the pictures, or the pictures again."""
        shown = self._contrasts.shown
        if wanted and shown is not None:
            self.answer.setText(rendered(f"**{question_words()}**\n\n{shown.answer}"))
        self._pages.setCurrentIndex(int(wanted))

    @Slot()
    def _on_arranged(self) -> None:
        """Show the picture that is on the stage, in both halves."""
        if self._stage.cover is not self:
            return
        index = self._stage.pictures.index(self._stage.current)
        if index not in self._pairs:
            pictures = [plots.PICTURES[index](self._theme) for _ in self.halves]
            for picture in pictures:
                picture.menu_wanted.connect(self.menu_wanted)
            self._pairs[index] = _Pair(pictures)
            self.show_legends(wanted=self._stage.has_legends)
        if index != self.choice.group.checkedId():
            self.why.setChecked(False)
        self.choice.choose(index)
        pair = self._pairs[index]
        if pair.pictures[0] is not self.halves[0].picture:
            for half, picture in zip(self.halves, pair.pictures, strict=True):
                half.show_picture(picture)
            self._show_runs()

    @Slot()
    def _show_runs(self) -> None:
        """Show both runs from their start; without any, keep none alive."""
        posed = self._contrasts.posed
        if posed is None:
            for pair in self._pairs.values():
                for picture in pair.pictures:
                    picture.show_run(None)
        elif self.halves[0].picture is not None:
            is_landscape = self.picture.name == "landscape"
            is_wanted = self._stage.current.shows_standardized
            units = [is_wanted or (is_landscape and side.is_standardized) for side in posed.sides]
            self._pair.share.is_on = not any(units)
            for half, run, standardized in zip(
                self.halves, self._contrasts.runs, units, strict=True
            ):
                half.show_run(run, standardized=standardized)
            self.timeline.refresh()
            self._on_progressed()

    @property
    def _pair(self) -> "_Pair":
        return next(pair for pair in self._pairs.values() if pair.pictures[0] is self.picture)

    @Slot()
    @Slot(object)
    def _on_progressed(self, _batch: object = None) -> None:
        """Let the range of a run that diverges not crush the other one, and draw both."""
        if self._contrasts.posed is None or self.halves[0].picture is None:
            return
        pair, runs = self._pair, self._contrasts.runs
        sound = [
            picture.canvas
            for picture, run in zip(pair.pictures, runs, strict=True)
            if run is not None and run.diverged_at is None
        ]
        pair.share.count(sound or [picture.canvas for picture in pair.pictures])
        self._refresh(exactly=True)
        self.timeline.refresh()

    @Slot()
    def _refresh(self, *, exactly: bool = False) -> None:
        """Draw one half in the next turn of the event loop, and the other one in that after it.

        If one half waits already, it comes first: both halves show every step that one shows.
        """
        self._is_due = True
        self._is_exact_due |= exactly
        self._timer.start(0)

    @Slot()
    def _refresh_next(self) -> None:
        if not self._waiting:
            self._waiting = list(self.halves)
            self._step, self._is_exact = self._contrasts.playhead.step, self._is_exact_due
            self._is_due = self._is_exact_due = False
        self._waiting.pop(0).refresh(self._step, exactly=self._is_exact)
        if not self._waiting and not self._is_due:
            self._timer.stop()
        left, right = (picture.note_width for picture in self.pictures)
        if abs(left - right) > GRID:
            return  # the window has another size, and one of them will have fewer lines
        height = max(picture.note_height for picture in self.pictures)
        for picture in self.pictures:
            picture.keep_note_height(height)

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        self._stage.show_picture(self._stage.pictures[index])


class _Pair:
    """The same picture twice, with one range, looked at in the same way."""

    def __init__(self, pictures: Sequence[RunPlot]) -> None:
        self.pictures = left, right = tuple(pictures)
        self.share = SharedRange(left.canvas, right.canvas)
        left.lead(right)
        right.lead(left)
        for picture in pictures:
            picture.stand_alone()


class Half:
    """One of the two runs: what is different here, its step and its loss, and a picture.

    Attributes
    ----------
    head, body : QWidget
        The words, and the place of the picture.
    words, facts : QLabel
        What is different, and where the run is.
    picture : RunPlot or None
        The picture on show.
    """

    def __init__(self) -> None:
        self.words = text_label("title")
        self.facts = text_label("muted")
        self.picture: RunPlot | None = None
        self.head = area(
            fill(QVBoxLayout(), self.words, self.facts, None, margins=(4, 0, 4, 0), spacing=2)
        )
        self._column = fill(QVBoxLayout())
        self.body = area(self._column)
        self.body.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_picture(self, picture: RunPlot) -> None:
        """Show ``picture`` instead of the one so far."""
        if self.picture is not None:
            self.picture.hide()
            self._column.removeWidget(self.picture)
        self.picture = picture
        self._column.addWidget(picture)
        picture.show()

    def show_run(self, run: Run | None, *, standardized: bool) -> None:
        """Show ``run`` from its start."""
        assert self.picture is not None
        if standardized != self.picture.shows_standardized:
            self.picture.show_standardized(standardized=standardized)
        self.picture.show_run(run)

    def refresh(self, step: int | None, *, exactly: bool) -> None:
        """Show the run after ``step``; None for its newest step."""
        picture = self.picture
        assert picture is not None
        run = picture.run
        picture.show_step(step)
        if exactly:
            picture.redraw()
            picture.update_description()
        else:
            picture.refresh()
        self.facts.setText("" if run is None else _facts(run, step))


def _facts(run: Run, step: int | None) -> str:
    """Return where ``run`` is after ``step``, or where it has ended before."""
    history = run.history
    newest = history.step
    shown = newest if step is None else min(step, newest)
    loss = significant(run.problem.training.loss(history.parameters_at(shown)))
    is_over = step is not None and step > newest
    if run.diverged_at is not None and (step is None or step >= newest):
        words = tr("diverged at step {step}")
        return words.format(step=whole(run.diverged_at))
    words = tr("ended at step {step} · loss {loss}") if is_over else tr("step {step} · loss {loss}")
    return words.format(step=whole(shown), loss=loss)
