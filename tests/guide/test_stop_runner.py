"""A stop runs with the settings and gives the numbers of the app's own run."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from linreg_gui.guide.questions import Kind, Question
from linreg_gui.guide.stop_runner import run_stop
from linreg_gui.guide.stops import MAX_LINES, Stop, StopOutput, read_stops
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.settings import DEFAULTS, TrainingConfig
from tests.support import train

STOPS = read_stops()
SMALL = dataclasses.replace(DEFAULTS, examples=200)
NAMES = [stop.name for stop in STOPS]


def run(stops: Sequence[Stop], index: int, config: TrainingConfig = SMALL) -> StopOutput:
    return [output for output in run_stop(stops, index, config) if output is not None][-1]


def asking(index: int, value: str, lines: str | None = None) -> list[Stop]:
    """Return the stops, one of which answers with ``value``, and runs ``lines`` if given."""
    stops = list(STOPS)
    stops[index] = dataclasses.replace(
        stops[index],
        question=Question("?", Kind.NUMBER, value),
        lines=stops[index].lines if lines is None else lines,
    )
    return stops


@pytest.mark.parametrize("index", range(len(STOPS)), ids=NAMES)
def test_every_stop_shows_something_and_has_an_answer_to_its_question(index: int) -> None:
    output, question = run(STOPS, index), STOPS[index].question
    assert output.text
    assert question is not None
    assert output.happened is not None
    is_curve = isinstance(output.happened, tuple)
    assert is_curve == (question.kind is Kind.SKETCH)
    assert is_curve or question.fits(output.happened)


@pytest.mark.parametrize("index", range(len(STOPS)), ids=NAMES)
def test_the_seed_decides_the_output(index: int) -> None:
    first = run(STOPS, index)
    assert run(STOPS, index, dataclasses.replace(SMALL, seed=2)).text != first.text
    assert run(STOPS, index) == first


@pytest.mark.parametrize("config", [SMALL, dataclasses.replace(SMALL, seed=9, true_weights=(3.0,))])
class TestTheAppsOwnRun:
    def test_has_the_data_of_the_guide(self, config: TrainingConfig) -> None:
        dataset = prepare_run(1, config)[0].dataset
        X = run(asking(1, "X.reshape((-1,)).asnumpy().tolist()"), 1, config).happened
        y = run(asking(1, "y.asnumpy().tolist()"), 1, config).happened
        assert tuple(dataset.features.ravel().tolist()) == X
        assert y == tuple(dataset.target.tolist())

    def test_has_the_start_of_the_guide(self, config: TrainingConfig) -> None:
        start = prepare_run(1, config)[0].history.start
        value = "[*w.reshape((-1,)).asnumpy().tolist(), b.asscalar()]"
        assert run(asking(3, value), 3, config).happened == tuple(start.tolist())

    def test_has_the_averages_of_the_guide(self, config: TrainingConfig) -> None:
        losses = train(prepare_run(1, config)[1], 100).moving_losses
        assert run(asking(7, "averages"), 7, config).happened == tuple(losses.tolist())


def test_a_second_pass_without_reset_gets_nothing() -> None:
    text = run(STOPS, 2, DEFAULTS).text
    assert "first pass: 2500\nsecond pass, no reset: 0\nthird pass, reset: 2500" in text


def test_the_last_minibatch_is_short() -> None:
    config = dataclasses.replace(SMALL, examples=10)
    assert "size of the last minibatch: 2\n" in run(STOPS, 2, config).text


def test_a_batch_larger_than_the_data_is_reduced() -> None:
    config = dataclasses.replace(SMALL, examples=3, batch_size=8)
    assert "first pass: 1\n" in run(STOPS, 2, config).text


def test_other_random_numbers_do_not_disturb_the_slices() -> None:
    from linreg_gui.backend import seed_generators

    expected = run(STOPS, 7)
    outputs = []
    for number, output in enumerate(run_stop(STOPS, 7, SMALL)):
        seed_generators(number)
        np.random.shuffle(np.arange(10))
        outputs.append(output)
    assert outputs[-1] == expected


def test_a_loop_is_run_in_slices() -> None:
    waits = list(run_stop(asking(0, "k", "for k in range(300_000):\n    pass\n"), 0, SMALL))
    assert len(waits) > 2
    assert waits[-1] == StopOutput("", 1, 299_999.0)


def test_what_is_printed_arrives_while_it_runs() -> None:
    lines = "for k in range(400_000):\n    if k % 100_000 == 0:\n        print(k)\n"
    texts = [output.text for output in run_stop(asking(0, "k", lines), 0, SMALL) if output]
    assert texts[0] == "0\n"
    assert texts[-1] == "0\n100000\n200000\n300000\n"


def test_a_long_output_is_cut_and_says_so() -> None:
    text = run(asking(0, "k", "for k in range(1000):\n    print(k)\n"), 0).text
    assert text.split("\n")[-2:] == [str(MAX_LINES - 1), f"… only {MAX_LINES} lines are shown."]


def test_numbers_that_are_not_finite_are_not_shown() -> None:
    config = dataclasses.replace(DEFAULTS, learning_rate=500.0)
    with pytest.raises(FloatingPointError, match="a smaller learning rate"):
        run(STOPS, 7, config)
