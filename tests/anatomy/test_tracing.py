"""A step that is looked into is the step that was trained, to the last bit."""

import importlib.util
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from linreg_gui import lesson
from linreg_gui.anatomy.step_trace import Phase, StepTrace
from linreg_gui.backend import autograd, nd
from linreg_gui.data.dataset import Dataset
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import Run
from linreg_gui.settings import Engine, Init, TrainingConfig
from tests.support import looked_into, made_data, order_of, train

SIZE = 10


def drawn(features: int) -> Dataset:
    """Return examples in whose first column each has its row number."""
    generator = np.random.default_rng(features)
    X = generator.normal(size=(SIZE, features))
    X[:, 0] = np.arange(SIZE)
    return made_data(X / 4, X.sum(axis=1) + generator.normal(size=SIZE))


def trained(features: int, batch_size: int, epochs: int = 3, **settings: object) -> Run:
    config = TrainingConfig(batch_size=batch_size, learning_rate=0.01, **settings)  # type: ignore[arg-type]
    run, engine = prepare_run(3, config.with_value("data", drawn(features)))
    run.history.append(train(engine, epochs * run.history.steps_per_epoch))
    return run


SHAPES = list(itertools.product((1, 2, 6), (1, 4, SIZE)))


@pytest.mark.parametrize(("features", "batch_size"), SHAPES)
class TestNumbers:
    def test_every_step_of_three_epochs_is_the_engines(
        self, features: int, batch_size: int
    ) -> None:
        run, order = trained(features, batch_size), None
        order = order_of(run)
        for step in range(1, run.history.step + 1):
            trace, record = looked_into(run, step, order=order), run.history.up_to(step)
            assert (trace.run_number, trace.step, trace.full_size) == (3, step, batch_size)
            assert np.array_equal(trace.before, run.history.parameters_at(step - 1))
            assert np.array_equal(trace.after, record.parameters)
            assert trace.loss == record.loss
            assert trace.average_before == run.history.up_to(step - 1).moving_loss
            assert trace.average_after == record.moving_loss

    def test_its_rows_are_those_trained_on_in_every_epoch(
        self, features: int, batch_size: int
    ) -> None:
        run, _ = prepare_run(3, TrainingConfig(batch_size=batch_size, data=drawn(features)))
        trained_on = run.problem.trained
        with run.problem.shuffling.copy():
            iterator = lesson.data_iterator(
                nd.array(trained_on.features), nd.array(trained_on.target), batch_size, True
            )
            epochs = [[X.asnumpy() for X, _ in lesson.minibatches(iterator)] for _ in range(3)]
        run = trained(features, batch_size)
        for step, X in enumerate(itertools.chain(*epochs), 1):
            trace = looked_into(run, step)
            assert trace.rows.tolist() == (4 * X[:, 0]).tolist()
            assert np.array_equal(trace.features, X)
            assert np.array_equal(trace.target, trained_on.target[trace.rows])
            assert trace.is_short == (len(X) < batch_size)

    def test_what_lies_between_is_what_the_lesson_computes(
        self, features: int, batch_size: int
    ) -> None:
        run = trained(features, batch_size)
        for step in range(1, run.history.steps_per_epoch + 1):
            trace = looked_into(run, step)
            X, y = nd.array(trace.features), nd.array(trace.target).reshape((-1, 1))
            w = nd.array(trace.before[:-1]).reshape((-1, 1))
            b = nd.array(trace.before[-1:])
            w.attach_grad()
            b.attach_grad()
            with autograd.record():
                y_hat = lesson.net(X, w, b)
                loss = lesson.square_loss(y_hat, y)
            loss.backward()
            assert np.array_equal(trace.predictions, y_hat.asnumpy()[:, 0])
            assert np.array_equal(trace.residuals, (y_hat - y).asnumpy()[:, 0])
            assert np.array_equal(trace.gradient[:-1], w.grad.asnumpy()[:, 0])
            assert trace.gradient[-1] == b.grad.asscalar()
            lesson.sgd([w], trace.learning_rate)
            between = np.append(w.asnumpy(), b.asnumpy())
            assert np.array_equal(trace.parameters_at(Phase.UPDATE_W), between)
            assert np.array_equal(trace.parameters_at(Phase.BACKWARD), trace.before)
            assert np.array_equal(trace.parameters_at(Phase.UPDATE_B), trace.after)


def test_a_step_is_found_again_from_any_earlier_one() -> None:
    run = trained(2, 4)
    expected = looked_into(run, 8)
    for known_step in range(7):
        trace = looked_into(run, 8, known_step=known_step)
        assert np.array_equal(trace.before, expected.before)
        assert np.array_equal(trace.after, expected.after)
        assert trace.average_after == expected.average_after


def test_steps_are_found_in_any_order_with_and_without_shuffling() -> None:
    for shuffle in (True, False):
        run = trained(1, 4, shuffle=shuffle)
        order = order_of(run)
        rows = {step: looked_into(run, step).rows.tolist() for step in range(1, 10)}
        for step in (9, 1, 5, 4, 8, 2):
            assert looked_into(run, step, order=order).rows.tolist() == rows[step]
    assert rows[1] == [0, 1, 2, 3]


def test_each_step_has_the_rate_it_was_made_with() -> None:
    run, engine = prepare_run(1, TrainingConfig(batch_size=4, data=drawn(2)))
    run.history.append(train(engine, 2))
    engine.learning_rate = 0.05
    run.history.append(train(engine, 3))
    assert looked_into(run, 5, known_step=0).learning_rate == 0.05
    assert np.array_equal(looked_into(run, 5, known_step=0).after, engine.parameters)
    assert looked_into(run, 2).learning_rate == 0.001


def test_a_step_of_the_instant_engine_is_the_lessons_to_single_precision() -> None:
    run = trained(2, 4, engine=Engine.INSTANT)
    trace = looked_into(run, 7)
    assert trace.after == pytest.approx(run.history.parameters_at(7), rel=1e-5)
    assert trace.after.dtype == np.float32


def test_numbers_too_large_to_compute_with_are_no_error() -> None:
    dataset = made_data([1e22, -3e22, 2e22], [1.0, 2.0, 3.0])
    run, _ = prepare_run(1, TrainingConfig(batch_size=3, data=dataset))
    assert looked_into(run, 1).loss == np.inf


def lit(trace: StepTrace, phase: Phase) -> list[str]:
    text = trace.source.splitlines()
    return [text[line - 1].strip() for line in trace.lines[phase].running]


def calling(trace: StepTrace, phase: Phase) -> list[str]:
    text = trace.source.splitlines()
    return [text[line - 1].strip() for line in trace.lines[phase].calling]


class TestLines:
    def test_the_lines_that_run_are_lit(self) -> None:
        trace = looked_into(trained(2, 4), 1)
        assert trace.source == Path(lesson.__file__).read_text()
        assert lit(trace, Phase.TAKE)[0] == "iterator.reset()"
        assert lit(trace, Phase.TAKE)[-1] == "yield X[rows], y[rows]"
        assert lit(trace, Phase.FORWARD) == ["return nd.dot(X, w) + b"]
        assert lit(trace, Phase.LOSS) == ["return nd.mean((y_hat - y) ** 2)"]
        assert lit(trace, Phase.BACKWARD) == ["loss.backward()"]
        for phase in (Phase.UPDATE_W, Phase.UPDATE_B):
            assert lit(trace, phase)[-1] == "parameter -= learning_rate * parameter.grad"
            assert calling(trace, phase) == ["sgd([w, b], learning_rate)"]
        assert lit(trace, Phase.AVERAGE) == ["return 0.99 * average + 0.01 * loss"]
        assert "with autograd.record():" in calling(trace, Phase.FORWARD)

    def test_within_an_epoch_nothing_is_reset(self) -> None:
        assert "iterator.reset()" not in lit(looked_into(trained(2, 4), 2), Phase.TAKE)
        assert "iterator.reset()" in lit(looked_into(trained(2, 4), 4), Phase.TAKE)

    def test_tracing_ends_with_the_step(self) -> None:
        former = sys.gettrace()
        looked_into(trained(2, 4), 1)
        assert sys.gettrace() is former

    def test_an_edited_lesson_is_followed(self, tmp_path: Path) -> None:
        run = trained(2, 4)
        edited = copied_lesson(tmp_path, *EDITS)
        trace, usual = looked_into(run, 2, module=edited), looked_into(run, 2)
        assert trace.source == Path(str(edited.__file__)).read_text()
        assert lit(trace, Phase.FORWARD) == ["product = nd.dot(X, w)", "return product + b"]
        assert lit(trace, Phase.LOSS) == [
            "gap = (",
            "predicted",
            "- y",
            ")",
            "return nd.mean(gap * gap)",
        ]
        assert lit(trace, Phase.UPDATE_B)[-1] == "each -= learning_rate * each.grad"
        assert (trace.names.y_hat, trace.names.loss) == ("predicted", "cost")
        assert np.array_equal(trace.after, usual.after)

    @pytest.mark.parametrize(
        ("update", "of_w", "of_b"),
        [
            (
                (
                    "    w, b = parameters\n"
                    "    w -= learning_rate * w.grad\n"
                    "    b -= learning_rate * b.grad\n"
                ),
                "w -= learning_rate * w.grad",
                "b -= learning_rate * b.grad",
            ),
            (
                (
                    "    for k in range(2):\n"
                    "        step = learning_rate * parameters[k].grad\n"
                    "        parameters[k][:] = parameters[k] - step\n"
                ),
                "parameters[k][:] = parameters[k] - step",
                "parameters[k][:] = parameters[k] - step",
            ),
        ],
    )
    def test_an_update_written_otherwise_is_followed(
        self, tmp_path: Path, update: str, of_w: str, of_b: str
    ) -> None:
        edited = copied_lesson(
            tmp_path,
            (
                (
                    "    for parameter in parameters:\n"
                    "        parameter -= learning_rate * parameter.grad\n"
                ),
                update,
            ),
            ("    return loss\n", "    return loss.copy()\n"),
        )
        run = trained(2, 4)
        trace = looked_into(run, 2, module=edited)
        assert lit(trace, Phase.UPDATE_W)[-1] == of_w
        assert lit(trace, Phase.UPDATE_B)[-1] == of_b
        assert (of_b in lit(trace, Phase.UPDATE_W)) == (of_w == of_b)
        assert np.array_equal(trace.after, looked_into(run, 2).after)

    def test_an_update_in_two_calls_is_followed(self, tmp_path: Path) -> None:
        edited = copied_lesson(
            tmp_path,
            ("    sgd([w, b], learning_rate)", "    sgd([w], learning_rate)\n    sgd([b], 0.5)"),
        )
        trace = looked_into(trained(2, 4), 2, module=edited)
        assert calling(trace, Phase.UPDATE_W) == ["sgd([w], learning_rate)"]
        assert calling(trace, Phase.UPDATE_B) == ["sgd([b], 0.5)"]
        assert lit(trace, Phase.BACKWARD) == ["loss.backward()"]

    def test_a_gradient_of_0_is_an_update_too(self) -> None:
        config = TrainingConfig(batch_size=3, init=Init.ZEROS)
        run, _ = prepare_run(
            1, config.with_value("data", made_data([0.0, 0.0, 0.0], [0.0, 0.0, 0.0]))
        )
        trace = looked_into(run, 1)
        for phase in (Phase.UPDATE_W, Phase.UPDATE_B):
            assert lit(trace, phase)[-1] == "parameter -= learning_rate * parameter.grad"

    def test_a_lesson_saved_meanwhile_keeps_the_lines_that_run(self, tmp_path: Path) -> None:
        edited, run = copied_lesson(tmp_path, *EDITS), trained(2, 4)
        before = looked_into(run, 2, module=edited)
        path = Path(str(edited.__file__))
        path.write_text("# Two\n# more lines.\n" + path.read_text())
        after = looked_into(run, 2, module=edited)
        assert after.source == before.source
        assert after.lines == before.lines


EDITS = (
    ("    return nd.dot(X, w) + b", "    product = nd.dot(X, w)\n    return product + b"),
    ("def square_loss(y_hat: NDArray", "# A remark.\ndef square_loss(predicted: NDArray"),
    (
        "    return nd.mean((y_hat - y) ** 2)",
        "    gap = (\n        predicted\n        - y\n    )\n    return nd.mean(gap * gap)",
    ),
    ("for parameter in", "for each in"),
    ("parameter -= learning_rate * parameter.grad", "each -= learning_rate * each.grad"),
    ("        loss = forward", "        cost = forward"),
    ("    loss.backward()", "    cost.backward()"),
    ("    return loss\n", "    return cost\n"),
)
"""The same computation in other lines."""


def copied_lesson(folder: Path, *edits: tuple[str, str]) -> ModuleType:
    """Return a copy of the lesson with these edits."""
    text = Path(lesson.__file__).read_text()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = folder / "edited_lesson.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location("edited_lesson", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where inspect looks for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _no_copy_left() -> Iterator[None]:
    yield
    sys.modules.pop("edited_lesson", None)
