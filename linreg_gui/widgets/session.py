"""Everything that the widgets of one window share."""

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from linreg_gui.data.dataset import DoubleArray
from linreg_gui.look.plain import set_tip
from linreg_gui.look.theme import Theme
from linreg_gui.look.words_of_qt import key_in_words
from linreg_gui.runs.guess import NO_GUESSES, ShownGuesses
from linreg_gui.settings import CONTROLLED_WITH
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.going_on import GoingOn
from linreg_gui.threads.kept_runs import KeptRuns
from linreg_gui.threads.playhead import Playhead
from linreg_gui.threads.rate_limits import RateLimits
from linreg_gui.threads.what_if import WhatIf
from linreg_gui.widgets.panels.registry import PANELS, PanelSpec
from linreg_gui.widgets.tables.table_opener import TableOpener

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from linreg_gui.analysis.landscape import Landscape
    from linreg_gui.analysis.least_squares import References
    from linreg_gui.anatomy.step_trace import StepTrace
    from linreg_gui.lessons.drafts import LessonDraft
    from linreg_gui.lessons.progress import Progress
    from linreg_gui.plots.run_plot import PointMove, RunPlot
    from linreg_gui.runs.run import Run
    from linreg_gui.threads.brush import Brush
    from linreg_gui.threads.contrasts import Contrasts
    from linreg_gui.threads.guesses import Guesses
    from linreg_gui.threads.guide import Guide
    from linreg_gui.threads.inspector import Inspector
    from linreg_gui.threads.lesson_run import LessonRun
    from linreg_gui.threads.points import PointEditor, PointsOnShow
    from linreg_gui.threads.predict_first import PredictFirst
    from linreg_gui.threads.predict_questions import PredictQuestions
    from linreg_gui.threads.sweeper import Sweeper
    from linreg_gui.widgets.lessons.desk import LessonDesk
    from linreg_gui.widgets.window.main_window import MainWindow


AnyFollower = TypeVar("AnyFollower", bound=QObject)

_LASTING = (
    "what_if", "going_on", "rate_limits", "playhead", "kept_runs", "brush", "points", "guide",
    "contrasts", "inspector", "guesses", "sweeper", "predict_first", "predict_questions",
    "lesson_run",
)  # fmt: skip
"""What follows the run, and outlives a window that is made anew."""


class Session(QObject):
    """The run on screen, the objects that follow it, and the switches of the window. GUI thread.

    A widget takes from the session what it needs. Widgets that want something of each other ask the
    session, so that they need not know each other.

    Parameters
    ----------
    controller : TrainingController
        The run on screen.
    theme : Theme
        The colors and fonts.
    store : QSettings or None
        Keeps the progress in the guide; None to keep nothing.
    window : MainWindow
        The parent of the session and of its dialogs.
    former : Session, optional
        That of a window that goes: all that follows the run goes on in this one.

    Attributes
    ----------
    switches : dict of PanelSpec to QAction
        Open and close each panel.
    lens : QAction
        Highlights the minibatch in the pictures.
    picture : RunPlot or None
        The picture on the stage.
    hides_answers : bool
        Whether a person is predicting the run, and nothing on screen should tell how it will go.

    Signals
    -------
    numbers_due()
        Numbers on screen should be brought up to date, as often as a person can read them.
    minibatch_changed()
        `minibatch` has changed.
    picks_changed()
        The examples that are picked have changed.
    points_changed()
        The points that a person edits have changed.
    rate_wanted()
        A person wants to choose another learning rate.
    picture_wanted(str)
        The picture of this name helps with what a person does.
    view_wanted(StageWish)
        So does this view of a picture.
    settings_wanted(tuple of str)
        So do these settings: they should be in sight, if there is room.
    stage_changed()
        `picture` has changed.
    table_wanted()
        A person wants to see the table of `picture`.
    example_changed(tuple of float or None)
        The features of the example that a person has typed; None if there is none now.
    guesses_changed()
        `shown_guesses` have changed.
    swept()
        The sweep has tried another value, begun or gone.
    setting_wanted(str)
        A person wants to change this setting.
    refused(str)
        What a person has typed beside the pictures cannot be used, and why; empty once that is of
        no more use.
    contrast_changed()
        Other runs are side by side, or none any more.
    prediction_changed(DrawnPrediction or None)
        The pictures should draw this prediction.
    answers_hidden()
        `hides_answers` has changed.
    controls_changed()
        A lesson shows or hides other controls.
    page_turned()
        Another page of a lesson is present, or none any more.
    lesson_changed()
        Something has happened in a lesson: a page, an answer, what it waits for.
    """

    numbers_due = Signal()
    minibatch_changed = Signal()
    picks_changed = Signal()
    points_changed = Signal()
    rate_wanted = Signal()
    picture_wanted = Signal(str)
    view_wanted = Signal(object)
    settings_wanted = Signal(object)
    stage_changed = Signal()
    table_wanted = Signal()
    example_changed = Signal(object)
    guesses_changed = Signal()
    swept = Signal()
    setting_wanted = Signal(str)
    refused = Signal(object)
    contrast_changed = Signal()
    prediction_changed = Signal(object)
    answers_hidden = Signal()
    controls_changed = Signal()
    page_turned = Signal()
    lesson_changed = Signal()

    def __init__(
        self,
        controller: TrainingController,
        theme: Theme,
        store: QSettings | None,
        window: "MainWindow",
        former: "Session | None" = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self.controller = controller
        self.theme = theme
        self.store = store
        self.picture: RunPlot | None = None
        self.hides_answers = False
        self._asking: list[PredictQuestions] = []
        self._controls: tuple[str, ...] | None = None
        self.what_if: WhatIf
        self.going_on: GoingOn
        self.rate_limits: RateLimits
        self.playhead: Playhead
        self.kept_runs: KeptRuns
        if former is None:
            self.what_if = WhatIf(controller, self)
            self.going_on = GoingOn(controller, self)
            self.rate_limits = RateLimits(controller, self.what_if, self)
            self.playhead = Playhead(controller, self)
            self.kept_runs = KeptRuns(controller, self)
        else:
            self._take_over(former)
        self.tables = TableOpener(controller, window)
        self.lens = self.make_switch(tr("Highlight the minibatch"), "M")
        self.lens.toggled.connect(self._on_lens_switched)
        self._lens_was_on = True
        self._lens_users: set[object] = set()
        self.switches: dict[PanelSpec[Any], QAction] = {}
        for spec in PANELS:
            self.switches[spec] = self.make_switch(spec.words(), spec.key, spec.title())
            if spec.highlights_minibatch:
                self.switches[spec].toggled.connect(partial(self.highlight_minibatch, spec))

    def _take_over(self, former: "Session") -> None:
        """Take what follows the run from ``former``, as it is."""
        for name in _LASTING:
            if name in vars(former):
                vars(self)[name] = self._told_by(name, vars(former)[name])
        for name in ("_asking", "_controls", "hides_answers"):
            vars(self)[name] = vars(former)[name]
        for questions in self._asking:
            self._told_by("asking", questions)

    def _told_by(self, name: str, follower: AnyFollower) -> AnyFollower:
        """Own what follows the run, and pass on what it tells; return it."""
        told: dict[str, dict[str, Any]] = {
            "brush": {"changed": self.picks_changed},
            "points": {"changed": self.points_changed, "refused": self.refused},
            "contrasts": {"changed": self.contrast_changed},
            "inspector": {"changed": self.minibatch_changed},
            "guesses": {"moved": self.guesses_changed, "changed": self.guesses_changed},
            "sweeper": {"changed": self.swept},
            "predict_first": {"changed": self._on_prediction_changed},
            "asking": {"changed": self._on_prediction_changed},
            "lesson_run": {
                "changed": self._on_lesson_changed,
                "page_entered": self.page_turned,
            },
        }
        follower.setParent(self)
        for signal, receiver in told.get(name, {}).items():
            getattr(follower, signal).connect(receiver)
        return follower

    def make_switch(self, words: str, key: str, title: str = "", help_text: str = "") -> QAction:
        """Return an action that ``key`` switches on and off.

        Parameters
        ----------
        words, help_text : str
            What it shows; the same at greater length.
        title : str
            The word on its tab.
        """
        switch = QAction(words, self)
        switch.setIconText(title or words)
        switch.setCheckable(True)
        switch.setShortcut(QKeySequence(key))
        set_tip(switch, f"{help_text or words} ({key_in_words(key)})")
        return switch

    @cached_property
    def brush(self) -> "Brush":
        """Return the picked examples, made when the first one is picked."""
        from linreg_gui.threads.brush import Brush  # noqa: PLC0415 - after first paint

        return self._told_by("brush", Brush(self.controller))

    def pick(self, places: "npt.NDArray[np.int64]", extends: bool) -> None:
        """Pick the examples at ``places``, as `Brush.pick` does."""
        self.brush.pick(places, extends=extends)

    @cached_property
    def points(self) -> "PointEditor":
        """Return the points that a person edits, made when the first one is."""
        from linreg_gui.threads.points import PointEditor  # noqa: PLC0415 - after first paint

        return self._told_by("points", PointEditor(self.controller, self.brush))

    @property
    def points_on_show(self) -> "PointsOnShow | None":
        """Return the edited points that the pictures show; None if they show the run's."""
        return self.points.on_show if "points" in vars(self) else None

    def landscape_on_show(self, run: "Run") -> "tuple[Landscape, References]":
        """Return the loss of the examples on show and its least squares, in the data's units.

        They are those of ``run``, unless a person has edited points that it has not yet.
        """
        original = run.problem.original
        points = self.points_on_show
        if points is not None and points.is_pending and points.references is not None:
            edited = points.landscape_in(original)
            if edited is not None and points.dataset.feature_names == run.dataset.feature_names:
                return edited, points.references
        return original.landscape, original.references

    def move_points(self, move: "PointMove") -> None:
        """Move the points that a person holds."""
        self.points.move(move.places, move.shift, begins=move.begins)

    def add_point(self, features: tuple[float, ...], target: float) -> None:
        """Add a point."""
        self.points.add(features, target)

    def withdraw_point(self) -> None:
        """Take back the point that was just added, as if it had never been."""
        self.points.withdraw()

    def remove_points(self, places: "npt.NDArray[np.int64]") -> None:
        """Remove points."""
        self.points.remove(places)

    def let_go(self) -> bool:
        """Let the picked examples go; return whether there were any."""
        if "brush" not in vars(self) or not len(self.brush.places):
            return False
        self.brush.clear()
        return True

    @cached_property
    def guide(self) -> "Guide":
        """Return the guide through the lesson, made when it is first wanted.

        Raises
        ------
        ValueError
            As `Guide` does.
        """
        from linreg_gui.threads.guide import Guide  # noqa: PLC0415 - after first paint

        return Guide(self.controller, self.store, self)

    @cached_property
    def contrasts(self) -> "Contrasts":
        """Return the two runs that are side by side, made when they are first wanted."""
        from linreg_gui.threads.contrasts import Contrasts  # noqa: PLC0415 - after first paint

        return self._told_by("contrasts", Contrasts(self.controller))

    @property
    def shows_contrast(self) -> bool:
        """Return whether two runs are side by side on the stage."""
        return "contrasts" in vars(self) and self.contrasts.shown is not None

    @Slot()
    def leave_contrast(self) -> None:
        """Give the stage back to the run, as it was before."""
        if self.shows_contrast:
            self.contrasts.close()

    @cached_property
    def inspector(self) -> "Inspector":
        """Return the inspector of single steps, made when it is first wanted."""
        from linreg_gui.threads.inspector import Inspector  # noqa: PLC0415 - after first paint

        return self._told_by("inspector", Inspector(self.controller, self.playhead))

    @cached_property
    def guesses(self) -> "Guesses":
        """Return the lines drawn by hand, made when somebody first draws one."""
        from linreg_gui.threads.guesses import Guesses  # noqa: PLC0415 - after first paint

        return self._told_by("guesses", Guesses(self.controller))

    @property
    def shown_guesses(self) -> ShownGuesses:
        """Return what the pictures show of the lines drawn by hand."""
        return self.guesses.shown if "guesses" in vars(self) else NO_GUESSES

    @cached_property
    def sweeper(self) -> "Sweeper":
        """Return what trains with several values of a setting, made when it is first wanted."""
        from linreg_gui.threads.sweeper import Sweeper  # noqa: PLC0415 - after first paint

        return self._told_by("sweeper", Sweeper(self.controller))

    @property
    def last_sweep(self) -> "Sweeper | None":
        """Return `sweeper` if it has tried any value."""
        return self.sweeper if "sweeper" in vars(self) and self.sweeper.points else None

    @cached_property
    def predict_first(self) -> "PredictFirst":
        """Return the prediction of the run, made when it is first wanted."""
        from linreg_gui.threads.predict_first import PredictFirst  # noqa: PLC0415 - after first paint

        return self._told_by("predict_first", PredictFirst(self.controller, self.store))

    @property
    def is_predicting(self) -> bool:
        """Return whether `predict_first` has been wanted before."""
        return "predict_first" in vars(self)

    @cached_property
    def predict_questions(self) -> "PredictQuestions":
        """Return the questions to predict, made when they are first wanted.

        Raises
        ------
        ValueError
            As `PredictQuestions` does.
        """
        return self._make_questions()

    def _make_questions(self) -> "PredictQuestions":
        from linreg_gui.threads.predict_questions import PredictQuestions  # noqa: PLC0415 - seldom

        questions = PredictQuestions(self.controller, self.predict_first)
        self._asking.append(self._told_by("asking", questions))
        return questions

    @cached_property
    def lesson_run(self) -> "LessonRun":
        """Return the lesson that is open, if any; made when one is first wanted.

        Raises
        ------
        ValueError
            As `PredictQuestions` does.
        """
        from linreg_gui.threads.lesson_run import LessonRun  # noqa: PLC0415 - seldom

        questions = self._make_questions()
        lesson_run = LessonRun(self.controller, self.predict_first, questions)
        return self._told_by("lesson_run", lesson_run)

    @cached_property
    def lessons(self) -> "LessonDesk":
        """Return what opens and saves lessons and answers, made when it is first wanted."""
        from linreg_gui.widgets.lessons.desk import LessonDesk  # noqa: PLC0415 - seldom

        return LessonDesk(self, self._window)

    def may_close(self) -> bool:
        """Return whether no lesson and no answers would be lost, or a person wants that."""
        has_any = "lessons" in vars(self) or "lesson_run" in vars(self)
        return not has_any or self.lessons.may_close()

    def shows_control(self, name: str) -> bool:
        """Return whether a person can change the setting ``name``: a lesson may hide it."""
        leader = CONTROLLED_WITH.get(name, name)
        return self._controls is None or leader in self._controls

    @property
    def lesson_progress(self) -> "Progress | None":
        """Return what a crash must not lose of a lesson; None if there is nothing."""
        return self.lesson_run.progress if "lesson_run" in vars(self) else None

    @property
    def lesson_draft(self) -> "LessonDraft | None":
        """Return what a teacher has typed of a lesson that is not saved; None if there is none."""
        return self.lessons.draft if "lessons" in vars(self) else None

    @Slot()
    def _on_lesson_changed(self) -> None:
        if self.lesson_run.controls != self._controls:
            self._controls = self.lesson_run.controls
            self.controls_changed.emit()
        self.lesson_changed.emit()

    @property
    def is_in_lesson(self) -> bool:
        """Return whether a lesson is open."""
        return "lesson_run" in vars(self) and self.lesson_run.lesson is not None

    def end_lesson(self) -> None:
        """End the lesson and the question that are open: another session is there."""
        if "lesson_run" in vars(self):
            self.lesson_run.leave()
        if "predict_questions" in vars(self):
            self.predict_questions.end()

    def leave_question(self) -> None:
        """Leave the question that is asked, if any, and put the settings back."""
        if "predict_questions" in vars(self):
            self.predict_questions.leave()

    def hold_prediction(self, *, held: bool) -> None:
        """Go on with what is being predicted, if anything, while its panel is closed."""
        if self.is_predicting:
            self.predict_first.hold(held=held)

    def put_line_away(self) -> None:
        """Draw no line by hand any more."""
        if "guesses" in vars(self) and self.guesses.is_drawing:
            self.guesses.draw(drawing=False)

    @Slot(object)
    def predict(self, values: dict[str, object]) -> None:
        """Take over what a person has predicted in a picture."""
        self.predict_first.change(**values)

    def retell(self) -> None:
        """Have the stops, the questions, the contrasts and what was said in the language of now."""
        for questions in self._asking:
            questions.retell()
        for name in ("guide", "contrasts", "lesson_run", "kept_runs", "sweeper", "predict_first"):
            if name in vars(self):
                getattr(self, name).retell()

    def tell_all(self) -> None:
        """Tell the widgets of a new window what they have not heard."""
        for signal in (
            self.minibatch_changed,
            self.picks_changed,
            self.points_changed,
            self.guesses_changed,
            self.contrast_changed,
            self.answers_hidden,
            self.controls_changed,
            self.lesson_changed,
        ):
            signal.emit()
        if self.is_predicting:
            self.prediction_changed.emit(self.predict_first.drawn)

    @property
    def hides_forecast(self) -> bool:
        """Return whether a person predicts the end of the run on screen, or has predicted it.

        A lesson may ask for it, too.
        """
        if "lesson_run" in vars(self) and self.lesson_run.is_asking:
            return True
        if self.hides_answers or not self.is_predicting:
            return self.hides_answers
        asks = any(questions.has_changed_settings for questions in self._asking)
        return asks or self.predict_first.is_locked

    @Slot()
    def _on_prediction_changed(self) -> None:
        asks = any(questions.hides_answers for questions in self._asking)
        hidden = asks or self.predict_first.hides_answers
        if hidden != self.hides_answers:
            self.hides_answers = hidden
            self.rate_limits.hide(hidden=self.hides_answers)
            self.kept_runs.hide(hidden=self.hides_answers)
            self.answers_hidden.emit()
        self.prediction_changed.emit(self.predict_first.drawn)

    @property
    def minibatch(self) -> "StepTrace | None":
        """Return the step whose minibatch the pictures highlight, if any."""
        return self.inspector.trace if self.lens.isChecked() else None

    def show_on_stage(self, picture: "RunPlot") -> None:
        """Take note of the picture on the stage."""
        if picture is not self.picture:
            self.picture = picture
            self.stage_changed.emit()

    @Slot(object)
    def move_guess(self, parameters: DoubleArray) -> None:
        """Move the line that a person draws by hand; its parameters are in the data's units."""
        self.guesses.move(parameters)

    @Slot(bool)
    def _on_lens_switched(self, shown: bool) -> None:
        self.inspector.watch(self.lens, wanted=shown)
        self.minibatch_changed.emit()

    def highlight_minibatch(self, who: object, wanted: bool) -> None:
        """Highlight the minibatch while anybody wants it; then leave the lens as it was before."""
        if wanted and not self._lens_users:
            self._lens_was_on = self.lens.isChecked()
            self.lens.setChecked(True)
        elif self._lens_users == {who} and not wanted and not self._lens_was_on:
            self.lens.setChecked(False)
        (self._lens_users.add if wanted else self._lens_users.discard)(who)
