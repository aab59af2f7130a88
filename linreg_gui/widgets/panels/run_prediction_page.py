"""A prediction of the run on screen: given, locked, and compared with what happened."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from linreg_gui.guide.questions import Kind, Question, Verdict
from linreg_gui.guide.run_facts import Course, course_words
from linreg_gui.guide.run_prediction import (
    Shape,
    Topic,
    said_words,
    shape_words,
    shaped,
    topic_words,
)
from linreg_gui.look.controls import area, fill, push_button, show_text, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.inputs import ChoiceBox
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.speech import announce
from linreg_gui.look.theme import GRID, set_style_property
from linreg_gui.number_text import joined, parse_real, parse_whole, typed, whole
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import Action
from linreg_gui.settings import STOP_NUMBERS, setting_words
from linreg_gui.texts import paragraph, shortened_name, tr, trc, trn
from linreg_gui.threads.predict_first import Phase
from linreg_gui.widgets.panels.explanation_field import ExplanationField
from linreg_gui.widgets.panels.guide_answers import ChoiceAnswer
from linreg_gui.widgets.panels.optional_number import OptionalNumber
from linreg_gui.widgets.panels.verdict_card import VerdictCard
from linreg_gui.widgets.session import Session

_FIELD_WIDTH = 96
_TOLD = ("learning_rate", "batch_size", "epochs", "seed")
_COURSES = list(Course)


class RunPredictionPage(QWidget):
    """Takes a prediction of the run on screen, locks it, and shows how it compares.

    Attributes
    ----------
    parameter : ChoiceBox
        The parameter whose end is predicted.
    end, level, step : OptionalNumber
        Where it will be; a loss, and the step after which the loss will be below it.
    course : ChoiceAnswer
        How the run will go.
    shape : ChoiceBox
        A curve to choose for the loss, instead of drawing one.
    draw : QPushButton
        Lets the mouse draw the loss in its picture.
    lock, run, again : QPushButton
        Lock the prediction, run, and begin another prediction.
    cards : dict of Topic to VerdictCard
        How each prediction compares.
    why : ExplanationField
        Why it came out this way, in the person's own words.
    refusal : QLabel
        Why the prediction cannot be locked, or will not be judged.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._model = session.predict_first
        self._phase: Phase | None = None
        self._make_fields()
        self._make_buttons()
        self.refusal = text_label("error")
        self.why = ExplanationField()
        self.why.committed.connect(self._model.explain)
        self.cards = {topic: VerdictCard() for topic in Topic}
        self._said = {topic: text_label("fact") for topic in Topic}
        self._about, self._hint = text_label("muted"), text_label("muted")
        self._lay_out()
        self._model.changed.connect(self.refresh)
        self.refresh()

    def _make_fields(self) -> None:
        model = self._model
        self.parameter = ChoiceBox()
        self.parameter.setAccessibleName(tr("Parameter"))
        self.parameter.committed.connect(self._on_parameter_chosen)
        self.end = self._number(tr("Where it will be at the end"), parse_real, typed)
        self.end.committed.connect(lambda value: model.change(end=value))
        self.level = self._number(tr("The loss to get below"), _parse_level, typed)
        self.level.committed.connect(self._on_level_given)
        self.step = self._number(tr("Number of steps"), _parse_step, lambda step: whole(int(step)))
        self.step.committed.connect(lambda value: model.change(step=value))
        self._make_course()
        self.shape = ChoiceBox()
        self.shape.setAccessibleName(tr("Shape of the loss"))
        self.shape.committed.connect(self._on_shape_chosen)
        self._shape: Shape | None = None
        self.draw = push_button(
            tr("Draw"), self._on_draw_clicked, tr("Draw in the picture “Loss” with the mouse")
        )
        self.draw.setCheckable(True)

    def _number(self, name: str, parse: object, write: object) -> OptionalNumber:
        field = OptionalNumber(parse, write)  # type: ignore[arg-type]
        field.setAccessibleName(name)
        keep_scaled(field, setFixedWidth=_FIELD_WIDTH)
        field.refused.connect(self._show_refusal)
        return field

    def _make_course(self) -> None:
        words = tuple(course_words(course) for course in _COURSES)
        self.course = ChoiceAnswer(Question("", Kind.CHOICE, "0", words))
        self.course.changed.connect(self._on_course_chosen)
        self.course.submitted.connect(self._on_lock_clicked)

    def _renew_course(self) -> None:
        """Choose none: a group of buttons cannot be asked to."""
        self.course.hide()  # passes the focus on
        self._course_place.removeWidget(self.course)
        self.course.deleteLater()
        self._make_course()
        self._course_place.addWidget(self.course)

    def _make_buttons(self) -> None:
        self.lock = push_button(
            tr("Lock it in"), self._on_lock_clicked, tr("After this you cannot change it")
        )
        self.run = push_button(
            tr("Run"), self._session.controller.start, tr("Train to the end (Space)")
        )
        for button in (self.lock, self.run):
            set_style_property(button, "primary", True)
        self.again = push_button("", self._on_again_clicked)

    def _lay_out(self) -> None:
        self._course_place = fill(QVBoxLayout(), self.course)
        # A number comes after each of the first two.
        below = trc("below [0.01] after [500] steps", "below")
        after = trc("below [0.01] after [500] steps", "after")
        steps = [text_label("", words, wraps=False) for words in (below, after)]
        unit = text_label("", trc("below [0.01] after [500] steps", "steps"), wraps=False)
        self._sections = {
            Topic.END: _section(
                tr("Where will it be at the end?"),
                flow(self.parameter, self.end),
                text_label("muted", tr("Or drag the disc in “Parameters”.")),
            ),
            Topic.STEPS: _section(
                tr("How many steps until the loss is below a level?"),
                flow(steps[0], self.level, steps[1], self.step, unit),
                self._hint,
            ),
            Topic.COURSE: _section(tr("Will this rate train?"), area(self._course_place)),
            Topic.SKETCH: _section(
                tr("Sketch the loss"),
                flow(self.shape, self.draw),
                text_label(
                    "muted", tr("Choose a shape, or press Draw and draw in “Loss” with the mouse.")
                ),
            ),
        }
        self._entry = area(fill(QVBoxLayout(), *self._sections.values(), spacing=12))
        self._verdicts = area(
            fill(
                QVBoxLayout(),
                *(each for topic in Topic for each in (self._said[topic], self.cards[topic])),
                self.why,
                spacing=GRID,
            )
        )
        fill(
            QVBoxLayout(self),
            self._about,
            self._entry,
            self._verdicts,
            self.refusal,
            flow(self.lock, self.run, self.again),
            None,
            margins=(16, 4, 16, GRID),
        )

    @Slot()
    def refresh(self) -> None:
        """Show the prediction and its phase."""
        phase = self._model.phase
        if phase is not self._phase:
            self._enter(phase)
        self._about.setText(self._about_words())
        run = self._model.run
        is_making = phase is Phase.MAKING
        self._entry.setVisible(is_making)
        self._verdicts.setVisible(phase in {Phase.LOCKED, Phase.RUNNING, Phase.JUDGED})
        self.lock.setVisible(is_making)
        self.run.setVisible(phase is Phase.LOCKED)
        self.run.setEnabled(self._session.controller.allows(Action.RUN))
        can_reset = self._session.controller.allows(Action.RESET)
        self.again.setVisible(not is_making and can_reset)
        self.again.setText(
            tr("Back to the start") if phase is Phase.WAITING else tr("Predict again")
        )
        is_locked = phase in {Phase.LOCKED, Phase.RUNNING}
        show_text(self.refusal, self._mismatch_words() if is_locked else "")
        if run is not None:
            self._show_prediction(run)

    def _enter(self, phase: Phase) -> None:
        """Prepare what a phase shows. The focus goes on to what can be done next."""
        former, self._phase = self._phase, phase
        had_focus = self._has_focus
        if phase is Phase.MAKING:
            self._shape = None
            self.why.commit()
            self.why.clear()
            if had_focus and former is not None:
                self.end.setFocus()
        elif phase is Phase.LOCKED and had_focus:
            self.run.show()
            self.run.setFocus()

    @property
    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _about_words(self) -> str:
        run, phase = self._model.run, self._model.phase
        if phase is Phase.WAITING:
            if run is None:
                return tr("You can predict once the run is ready.")
            return tr("This run has begun. Go back to its start to predict it.")
        if run is None:
            return tr("A new run is being prepared …")
        words = setting_words(run.config)
        told = joined(words[name] for name in _TOLD)
        steps = run.configured_steps
        sentence = trn(
            "The run on screen: {settings}; {steps} step.",
            "The run on screen: {settings}; {steps} steps.",
            steps,
        ).format(settings=told, steps=whole(steps))
        for name in STOP_NUMBERS.keys() & words.keys():
            rule = tr("Your stop rule may end it earlier: {rule}.").format(rule=words[name])
            sentence = paragraph(sentence, rule)
        if self._session.hides_answers:
            more = tr(
                "Until it runs, hints are hidden: the what-if path, kept runs, the forecast, and "
                "the zones of the learning rate."
            )
            sentence = paragraph(sentence, more)
        return paragraph(sentence, self._model.note)

    def _mismatch_words(self) -> str:
        if not (words := self._model.mismatch):
            return ""
        return tr(
            "The settings have changed since you locked: {settings}. Put them back, or predict "
            "again."
        ).format(settings=words)

    def _show_prediction(self, run: Run) -> None:
        prediction, names = self._model.prediction, run.parameter_names()
        self.parameter.set_choices(
            {index: shortened_name(name) for index, name in enumerate(names)}
        )
        self.parameter.set_value(prediction.parameter)
        self.end.set_value(prediction.end)
        self.level.set_value(prediction.level)
        self.step.set_value(prediction.step)
        self._offer_shapes()
        self.draw.setChecked(self._model.is_sketching)
        if prediction.course is None and self.course.group.checkedId() > 0:
            self._renew_course()
        planned = run.configured_steps
        self._hint.setText(
            trn(
                "The loss of all the examples counts, not the average. Or drag the disc in “Loss”. "
                "More than {steps} step means: not in this run.",
                "The loss of all the examples counts, not the average. Or drag the disc in “Loss”. "
                "More than {steps} steps means: not in this run.",
                planned,
            ).format(steps=whole(planned))
        )
        for topic, section in self._sections.items():
            section.setVisible(topic in self._model.asked)
            self._show_topic(topic, run, planned)
        self.why.setVisible(self._phase is Phase.JUDGED)

    def _offer_shapes(self) -> None:
        """Offer the shapes, and what is drawn by hand once there is something."""
        sketch, shape = self._model.prediction.sketch, self._shape
        choices: dict[Shape | str | None, str] = {None: tr("not sketched")}
        if sketch is not None and shape is None:
            choices["drawn"] = tr("drawn by hand")
        self.shape.set_choices(choices | {each: shape_words(each) for each in Shape})
        self.shape.set_value(None if sketch is None else shape or "drawn")

    def _show_topic(self, topic: Topic, run: Run, planned: int) -> None:
        prediction, verdict = self._model.prediction, self._model.verdicts.get(topic)
        words = ""
        if topic in prediction.topics:
            about = topic_words(topic, prediction, run.parameter_names())
            words = about
            if verdict is None:
                said = said_words(topic, prediction, planned)
                words = tr("{topic}: {prediction}").format(topic=about, prediction=said)
        show_text(self._said[topic], words)
        card = self.cards[topic]
        is_new = isinstance(verdict, Verdict) and card.verdict != verdict
        card.show_verdict(verdict)
        if is_new and card.isVisible():
            announce(card, card.accessibleName())

    @Slot(object)
    def _show_refusal(self, sentence: str) -> None:
        show_text(self.refusal, sentence)
        if sentence:
            announce(self.refusal, sentence)

    @Slot(object)
    def _on_parameter_chosen(self, index: int) -> None:
        if index != self._model.prediction.parameter:
            self._model.change(parameter=index, end=None)

    @Slot(object)
    def _on_level_given(self, level: float | None) -> None:
        if level is None:
            self.level.set_value(self._model.prediction.level)
        else:
            self._model.change(level=level)

    @Slot()
    def _on_course_chosen(self) -> None:
        answer = self.course.answer()
        assert not isinstance(answer, tuple)
        self._model.change(course=_COURSES[round(answer) - 1])

    @Slot(object)
    def _on_shape_chosen(self, shape: Shape | str | None) -> None:
        run = self._model.run
        if shape == "drawn":
            return
        self._shape = shape if isinstance(shape, Shape) else None
        self._model.set_sketching(sketching=False)
        sketch = None
        if run is not None and self._shape is not None:
            training = run.problem.training
            sketch = shaped(self._shape, training.loss(run.history.start), training.lowest)
        self._model.change(sketch=sketch, is_logarithmic=True)

    @Slot()
    def _on_draw_clicked(self) -> None:
        self._shape = None
        self._model.set_sketching(sketching=self.draw.isChecked())
        if self.draw.isChecked():
            self._session.picture_wanted.emit("loss")

    @Slot()
    def _on_lock_clicked(self) -> None:
        if not all(field.commit() for field in (self.end, self.level, self.step)):
            return  # the first that cannot be used has said why
        try:
            self._model.lock()
        except ValueError as error:
            self._show_refusal(str(error))

    @Slot()
    def _on_again_clicked(self) -> None:
        self.why.commit()
        self._model.again()


def _section(words: str, *parts: QWidget) -> QWidget:
    return area(fill(QVBoxLayout(), text_label("title", words), *parts, spacing=4))


def _parse_step(text: str) -> int:
    step = parse_whole(text)
    if step < 1:
        raise ValueError(tr("Type a number of steps from 1 on."))
    return step


def _parse_level(text: str) -> float:
    level = parse_real(text)
    if level <= 0:
        raise ValueError(tr("Type a loss above 0."))
    return level
