"""Predictions of a run are judged by what real runs do, and wrong ones are answered."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from linreg_gui.data.classics import samples
from linreg_gui.engines.steps import StepBatch
from linreg_gui.guide.questions import Verdict
from linreg_gui.guide.run_facts import Course, RunFacts, facts_of
from linreg_gui.guide.run_prediction import (
    POINTS,
    RunPrediction,
    Shape,
    Topic,
    happened_words,
    shaped,
)
from linreg_gui.guide.run_verdicts import judge
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.settings import DEFAULTS, Engine, Init, StopRule, TrainingConfig
from tests.support import UNLIMITED, made_data

B = 2


def finished(work: Iterator[Any]) -> Any:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def facts(**settings: Any) -> RunFacts:
    """Return what a run with these settings, and else the lesson's, does."""
    found = finished(facts_of({"it": replace(DEFAULTS, **settings)}))["it"]
    assert isinstance(found, RunFacts)
    return found


def stopped_at(step: int, config: TrainingConfig = DEFAULTS) -> RunFacts:
    run, engine = prepare_run(1, config)
    run.history.append(engine.advance(step, UNLIMITED))
    return RunFacts(run)


def verdict(topic: Topic, facts: RunFacts, **values: Any) -> Verdict:
    return judge(topic, RunPrediction(parameter=B, **values), facts)


@pytest.fixture(scope="module")
def lesson() -> RunFacts:
    return facts()


@pytest.fixture(scope="module")
def slow() -> RunFacts:
    return facts(learning_rate=2e-5)


@pytest.fixture(scope="module")
def diverged() -> RunFacts:
    return facts(learning_rate=1.2)


class TestTheFacts:
    def test_are_those_of_all_the_examples(self, lesson: RunFacts) -> None:
        data = lesson.run.dataset
        for index in (0, 1, 1000, -1):
            weights, bias = lesson.parameters[:-1, index], lesson.parameters[-1, index]
            residuals = data.features.astype(float) @ weights + bias - data.target
            assert lesson.losses[index] == pytest.approx(np.mean(residuals**2), rel=1e-4)
        assert lesson.at[1000] == 1000
        assert (lesson.steps, lesson.planned, lesson.is_exact) == (5000, 5000, True)

    def test_name_the_first_step_below_a_level(self, lesson: RunFacts) -> None:
        step = lesson.below(0.01)
        assert step is not None
        assert lesson.losses[step] < 0.01 <= lesson.losses[step - 1]
        assert lesson.below(1e-6) is None
        assert lesson.below(1e6) == 0

    def test_find_the_step_in_a_long_run_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        exact = facts().below(0.01)
        monkeypatch.setattr("linreg_gui.guide.run_facts._MOST_ROWS", 100)
        assert facts().below(0.01) == exact
        assert not facts().is_exact

    def test_tell_how_a_run_went(
        self, lesson: RunFacts, slow: RunFacts, diverged: RunFacts
    ) -> None:
        assert lesson.course is Course.ARRIVES
        assert slow.course is Course.SLOW
        assert diverged.course is Course.DIVERGES
        assert facts(learning_rate=0.2, noise_std=1.0).course is Course.RESTLESS

    @pytest.mark.parametrize("seed", [2, 7, 4711])
    def test_depend_on_the_settings_more_than_on_the_seed(self, seed: int) -> None:
        assert facts(seed=seed).course is Course.ARRIVES
        assert facts(seed=seed, learning_rate=2e-5).course is Course.SLOW
        assert facts(seed=seed, learning_rate=1.2).course is Course.DIVERGES

    def test_are_the_same_with_both_engines(self) -> None:
        config = replace(DEFAULTS, examples=200, learning_rate=0.01)
        autograd = stopped_at(100, config)
        instant = facts(examples=200, learning_rate=0.01)
        assert autograd.is_over
        assert autograd.end == pytest.approx(instant.end, abs=1e-4)
        assert autograd.below(1.0) == instant.below(1.0)


class TestWhereAParameterEnds:
    def test_is_right_near_the_end(self, lesson: RunFacts) -> None:
        assert verdict(Topic.END, lesson, end=4.2).is_right
        assert verdict(Topic.END, lesson, end=4.5).is_right
        assert not verdict(Topic.END, lesson, end=3.0).is_right

    @pytest.mark.parametrize(
        ("said", "idea"),
        [
            (2.0, "small steps do not add up"),
            (9.0, "it moves on past the optimum"),
            (-5.0, "it moves away from the optimum"),
        ],
    )
    def test_is_answered_with_the_idea_behind_it(
        self, lesson: RunFacts, said: float, idea: str
    ) -> None:
        wrong = verdict(Topic.END, lesson, end=said)
        assert wrong.idea == idea
        assert "4.2" in wrong.words

    def test_need_not_be_at_least_squares(self, slow: RunFacts) -> None:
        wrong = verdict(Topic.END, slow, end=4.2)
        assert wrong.idea == "training always arrives"
        assert f"took b {slow.way[B]:.0%} of its way to least squares, 4.2." in wrong.words
        assert verdict(Topic.END, slow, end=slow.end[B]).is_right

    def test_is_nowhere_if_the_run_diverges(self, diverged: RunFacts) -> None:
        wrong = verdict(Topic.END, diverged, end=4.2)
        assert wrong.idea == "every run ends somewhere"
        assert f"It was: diverged at step {diverged.steps + 1}." in wrong.words

    def test_is_least_squares_and_not_the_truth(self) -> None:
        noisy = facts(examples=20, noise_std=8.0, learning_rate=0.01, epochs=200, batch_size=20)
        index = max(range(3), key=lambda i: abs(noisy.truth[i] - noisy.optimum[i]))
        prediction = RunPrediction(parameter=index, end=noisy.truth[index])
        assert judge(Topic.END, prediction, noisy).idea == "training finds the true values"

    def test_may_be_lost_because_the_numbers_are_too_large(self) -> None:
        lost = facts(init=Init.TYPED, start_bias=1e25)
        wrong = verdict(Topic.END, lost, end=4.2)
        assert lost.diverged
        assert "although this rate trains here" in wrong.words

    def test_works_for_measured_data(self) -> None:
        rng = np.random.default_rng(0)
        x = rng.normal(size=60)
        data = made_data(x, 3 * x + 10 + 0.1 * rng.normal(size=60))
        measured = facts(data=data, learning_rate=0.05, epochs=60)
        prediction = RunPrediction(parameter=1, end=10.0)
        assert judge(Topic.END, prediction, measured).is_right
        assert judge(Topic.END, replace(prediction, parameter=0, end=3.0), measured).is_right


class TestHowManySteps:
    def test_may_be_off_by_half(self, lesson: RunFacts) -> None:
        assert verdict(Topic.STEPS, lesson, step=1600).is_right
        assert verdict(Topic.STEPS, lesson, step=3000).is_right
        early, late = (verdict(Topic.STEPS, lesson, step=step) for step in (300, 4900))
        assert early.idea == "the first speed goes on"
        assert late.idea == "training takes all its steps"
        assert f"It was: {lesson.below(RunPrediction().level):,}." in late.words

    def test_more_than_there_are_means_never(self, lesson: RunFacts, slow: RunFacts) -> None:
        assert verdict(Topic.STEPS, slow, step=5001).is_right
        assert "You said: not in this run." in verdict(Topic.STEPS, lesson, step=5001).words

    def test_below_the_noise_there_are_none(self, lesson: RunFacts) -> None:
        wrong = verdict(Topic.STEPS, lesson, level=1e-5, step=4000)
        assert wrong.idea == "with enough steps, any loss can be reached"
        assert f"No line gets below {lesson.best:.6f} on" in wrong.words

    def test_of_a_slow_run_and_of_one_that_diverged(
        self, slow: RunFacts, diverged: RunFacts
    ) -> None:
        assert verdict(Topic.STEPS, slow, step=4000).idea == "training always arrives"
        assert verdict(Topic.STEPS, diverged, step=4000).idea == "every run learns"
        assert verdict(Topic.STEPS, diverged, step=5001).is_right


class TestWhetherItTrains:
    def test_is_right_for_what_happened_alone(
        self, lesson: RunFacts, slow: RunFacts, diverged: RunFacts
    ) -> None:
        for happened in (lesson, slow, diverged):
            for course in Course:
                judged = verdict(Topic.COURSE, happened, course=course)
                assert judged.is_right is (course is happened.course)
                assert judged.is_right or (judged.idea and len(judged.words) > 100)

    def test_quotes_what_was_said_and_what_happened(self, lesson: RunFacts) -> None:
        words = verdict(Topic.COURSE, lesson, course=Course.SLOW).words
        said = "You said: “Too slow: it is still on its way at the end”. It was: “It gets there”. "
        assert words.startswith(said)

    def test_a_rate_at_its_limit_can_be_too_slow(self) -> None:
        (states,) = (sample for sample in samples() if sample.name == "us_states")
        flat = facts(data=states.read(), learning_rate=2e-8, batch_size=50, epochs=100)
        assert flat.course is Course.SLOW
        wrong = verdict(Topic.COURSE, flat, course=Course.ARRIVES)
        assert "A much larger rate would diverge." in wrong.words


class TestASketch:
    def test_is_right_if_it_is_near_the_loss(self, lesson: RunFacts) -> None:
        assert verdict(Topic.SKETCH, lesson, sketch=lesson.heights(POINTS)).is_right

    @pytest.mark.parametrize(
        ("shape", "idea"),
        [
            (Shape.TO_ZERO, "the loss goes to 0"),
            (Shape.STAYS, "the loss stays where it is"),
            (Shape.RISES_FIRST, "the loss rises first"),
            (Shape.LEVELS_OFF, "the loss falls at once"),
        ],
    )
    def test_is_answered_with_the_idea_behind_it(
        self, lesson: RunFacts, shape: Shape, idea: str
    ) -> None:
        sketch = shaped(shape, lesson.start_loss, lesson.best)
        wrong = verdict(Topic.SKETCH, lesson, sketch=sketch)
        assert (wrong.is_right, wrong.idea) == (False, idea)
        assert "off by a factor of" in wrong.words

    def test_on_a_linear_axis_is_measured_by_the_highest_loss(self, lesson: RunFacts) -> None:
        off = tuple(height + 0.05 * lesson.start_loss for height in lesson.heights(POINTS))
        assert verdict(Topic.SKETCH, lesson, sketch=off, is_logarithmic=False).is_right
        assert not verdict(Topic.SKETCH, lesson, sketch=off).is_right

    def test_of_a_run_that_diverges_has_to_grow(self, diverged: RunFacts) -> None:
        grows = shaped(Shape.GROWS, diverged.start_loss, diverged.best)
        falls = shaped(Shape.EVEN, diverged.start_loss, diverged.best)
        assert verdict(Topic.SKETCH, diverged, sketch=grows).is_right
        assert verdict(Topic.SKETCH, diverged, sketch=falls).idea == "the loss always falls"


class TestAStoppedRun:
    def test_leaves_open_what_it_has_not_shown(self) -> None:
        config = replace(DEFAULTS, engine=Engine.INSTANT)
        early, late = stopped_at(1000, config), stopped_at(3000, config)
        assert not early.is_over
        for topic, values in (
            (Topic.END, {"end": 0.0}),
            (Topic.STEPS, {"step": 100}),
            (Topic.COURSE, {"course": Course.DIVERGES}),
            (Topic.SKETCH, {"sketch": (1.0,) * POINTS}),
        ):
            open_verdict = verdict(topic, early, **values)
            assert open_verdict.is_right is None
            assert "it is at step 1,000 of 5,000" in open_verdict.words
        assert verdict(Topic.STEPS, late, step=2200).is_right

    def test_says_so_in_every_topic(self, lesson: RunFacts) -> None:
        prediction = RunPrediction(parameter=B, end=1.0, step=1, course=Course.SLOW)
        assert [happened_words(topic, prediction, lesson) for topic in prediction.topics] == [
            "4.2",
            f"{lesson.below(prediction.level):,}",
            "It gets there",
        ]


def test_a_stop_rule_ends_a_run_as_its_last_step_does() -> None:
    short = facts(stop_rule=StopRule.LOSS, stop_percent=0.1, learning_rate=0.01)
    assert short.steps < short.planned
    assert short.is_over
    assert short.course is Course.ARRIVES
    assert verdict(Topic.END, short, end=4.2).is_right
    assert verdict(Topic.STEPS, short, level=1e-5, step=5001).is_right
    assert verdict(Topic.SKETCH, short, sketch=(short.start_loss,) * POINTS).idea


def test_a_run_that_its_rule_stops_early_has_not_arrived() -> None:
    early = facts(stop_rule=StopRule.GRADIENT, stop_gradient=5.0)
    assert early.run.is_stopped
    assert early.loss > 1
    assert early.course is Course.SLOW
    assert verdict(Topic.COURSE, early, course=Course.SLOW).is_right
    wrong = verdict(Topic.COURSE, early, course=Course.ARRIVES)
    assert f"Your stop rule ended the run at step {early.steps}." in wrong.words


def test_a_history_that_still_grows_is_not_asked_for(lesson: RunFacts) -> None:
    run = lesson.run
    before = lesson.losses
    batch = StepBatch(
        5001, np.ones(1), np.ones(1), np.ones((1, 3)), run.config.learning_rate
    )  # one more epoch
    run.history.append(batch)
    assert lesson.losses is before
