"""The lesson's functions do what the lesson says, with the figures it shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from linreg_gui import lesson
from linreg_gui.backend import NDArray, autograd, mx, nd, seed_generators
from linreg_gui.data.dataset import FloatArray
from linreg_gui.settings import DEFAULTS
from tests.support import train


@dataclass
class PlainRun:
    """The lesson on its own, without the program around it."""

    losses: list[float] = field(default_factory=list)
    moving_losses: list[float] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    parameters: FloatArray = field(default_factory=lambda: np.empty(0, np.float32))


@pytest.fixture(scope="module")
def plain_run() -> PlainRun:
    run = PlainRun()
    seed_generators(1)
    X, y = lesson.synthetic_data(10_000, (2.0, -3.4), 4.2, 0.01)
    w, b = lesson.random_parameters(2)
    w.attach_grad()
    b.attach_grad()
    iterator = lesson.data_iterator(X, y, 4, shuffle=True)
    average = 0.0
    for _ in range(2):
        count = 0
        for X_batch, y_batch in lesson.minibatches(iterator):
            loss = lesson.train_step(X_batch, y_batch, w, b, 0.001).asnumpy().item()
            average = lesson.moving_average(average, loss)
            run.losses.append(loss)
            run.moving_losses.append(average)
            count += 1
        run.batches.append(count)
    run.parameters = np.append(w.asnumpy(), b.asnumpy())
    return run


class TestTheLessonsFigures:
    def test_an_epoch_has_2500_batches(self, plain_run: PlainRun) -> None:
        assert plain_run.batches == [2500, 2500]

    def test_the_moving_average_is_about_8_to_10_at_batch_499(self, plain_run: PlainRun) -> None:
        assert 7.5 < plain_run.moving_losses[499] < 10.5

    def test_it_is_a_few_thousandths_at_the_end_of_the_first_epoch(
        self, plain_run: PlainRun
    ) -> None:
        assert 0.001 < plain_run.moving_losses[2499] < 0.01

    def test_it_is_at_the_noise_floor_at_the_end(self, plain_run: PlainRun) -> None:
        assert plain_run.moving_losses[4999] == pytest.approx(1e-4, rel=0.2)

    def test_w_and_b_end_within_two_thousandths_of_the_truth(self, plain_run: PlainRun) -> None:
        assert plain_run.parameters == pytest.approx([2.0, -3.4, 4.2], abs=0.002)

    def test_the_program_trains_exactly_the_same_run(self, plain_run: PlainRun) -> None:
        from linreg_gui.runs.preparation import prepare_run

        _, engine = prepare_run(1, DEFAULTS)
        batch = train(engine, 5000)
        assert batch.losses.tolist() == plain_run.losses
        assert batch.moving_losses.tolist() == plain_run.moving_losses
        assert batch.parameters[-1].tolist() == plain_run.parameters.tolist()


class TestData:
    def test_features_are_standard_normal_and_the_noise_has_its_standard_deviation(self) -> None:
        seed_generators(5)
        X, y = lesson.synthetic_data(50_000, (2.0, -3.4), 4.2, 0.5)
        features = X.asnumpy().astype(np.float64)
        noise = y.asnumpy() - (features @ [2.0, -3.4] + 4.2)
        assert features.mean(axis=0) == pytest.approx([0, 0], abs=0.02)
        assert features.std(axis=0) == pytest.approx([1, 1], abs=0.02)
        assert noise.mean() == pytest.approx(0, abs=0.01)
        assert noise.std() == pytest.approx(0.5, abs=0.01)

    def test_without_noise_the_target_is_the_line(self) -> None:
        X, y = lesson.synthetic_data(100, (3.0,), -1.0, 0.0)
        assert y.asnumpy() == pytest.approx(3.0 * X.asnumpy()[:, 0] - 1.0, abs=1e-5)

    @pytest.mark.parametrize("weights", [(2.0,), (2.0, -3.4)])
    def test_shapes_are_the_lessons(self, weights: tuple[float, ...]) -> None:
        X, y = lesson.synthetic_data(7, weights, 4.2, 0.01)
        w, b = lesson.random_parameters(len(weights))
        assert (X.shape, y.shape) == ((7, len(weights)), (7,))
        assert (w.shape, b.shape) == ((len(weights), 1), (1,))


def rows_of_minibatches(iterator: mx.io.NDArrayIter) -> list[list[float]]:
    return [y.asnumpy().ravel().tolist() for _, y in lesson.minibatches(iterator)]


def rows_served(iterator: mx.io.NDArrayIter) -> list[list[float]]:
    iterator.reset()
    return [batch.label[0].asnumpy()[: 4 - batch.pad].tolist() for batch in iterator]


class TestIterator:
    def test_iterating_again_without_reset_gives_no_batches(self) -> None:
        iterator = lesson.data_iterator(nd.zeros((10, 1)), nd.zeros((10,)), 3, shuffle=True)
        assert [sum(1 for _ in iterator), sum(1 for _ in iterator)] == [4, 0]
        iterator.reset()
        assert sum(1 for _ in iterator) == 4

    def test_the_label_is_a_column(self) -> None:
        iterator = lesson.data_iterator(nd.zeros((10, 2)), nd.zeros((10,)), 4, shuffle=False)
        shapes = [(X.shape, y.shape) for X, y in lesson.minibatches(iterator)]
        assert shapes == [((4, 2), (4, 1)), ((4, 2), (4, 1)), ((2, 2), (2, 1))]

    def test_a_short_last_batch_holds_only_its_own_rows(self) -> None:
        rows = nd.arange(10)
        iterator = lesson.data_iterator(rows.reshape((10, 1)), rows, 4, shuffle=False)
        *_, (X, y) = lesson.minibatches(iterator)
        assert (X.asnumpy().ravel().tolist(), y.asnumpy().ravel().tolist()) == ([8, 9], [8, 9])

    @pytest.mark.parametrize(("rows", "batch_size"), [(10, 3), (10, 4), (7, 7), (1, 1), (12, 4)])
    def test_each_row_comes_exactly_once_in_every_epoch(self, rows: int, batch_size: int) -> None:
        numbers = nd.arange(rows)
        iterator = lesson.data_iterator(numbers.reshape((-1, 1)), -numbers, batch_size, True)
        orders = []
        for _ in range(4):
            order: list[float] = []
            for X, y in lesson.minibatches(iterator):
                order += X.asnumpy().ravel().tolist()
                assert (y == -X).asnumpy().all(), "a row parted from its target"
            assert sorted(order) == list(range(rows))
            orders.append(order)
        if rows >= 10:
            assert len({tuple(order) for order in orders}) == 4, "an epoch was not shuffled again"

    def test_the_minibatches_are_those_that_the_iterator_itself_serves(self) -> None:
        numbers = nd.arange(11)
        epochs = []
        for serve in (rows_of_minibatches, rows_served):
            np.random.seed(8)
            iterator = lesson.data_iterator(numbers.reshape((-1, 1)), numbers, 4, shuffle=True)
            epochs.append([serve(iterator) for _ in range(3)])
        assert epochs[0] == epochs[1]

    def test_without_shuffling_the_rows_keep_their_order(self) -> None:
        numbers = nd.arange(10)
        iterator = lesson.data_iterator(numbers.reshape((-1, 1)), numbers, 3, shuffle=False)
        for _ in range(2):
            order = [x for X, _ in lesson.minibatches(iterator) for x in X.asnumpy().ravel()]
            assert order == list(range(10))


def loss_in_float64(X: FloatArray, y: FloatArray, theta: FloatArray) -> float:
    return float(np.mean((X @ theta[:-1] + theta[-1] - y) ** 2))


def slope_in_float64(X: FloatArray, y: FloatArray, theta: FloatArray) -> FloatArray:
    """Return the gradient by central differences, exact for a parabola up to rounding."""
    steps = 1e-3 * np.eye(len(theta))
    return np.array(
        [
            (loss_in_float64(X, y, theta + step) - loss_in_float64(X, y, theta - step)) / 2e-3
            for step in steps
        ]
    )


def random_minibatches(features: int, batch_size: int) -> Iterator[tuple[NDArray, NDArray]]:
    """Yield the minibatches of ten examples; the last one may be short."""
    seed_generators(3)
    X, y = lesson.synthetic_data(10, (2.0, -3.4)[:features], 4.2, 0.5)
    yield from lesson.minibatches(lesson.data_iterator(X, y, batch_size, shuffle=True))


def gradient(X: NDArray, y: NDArray, w: NDArray, b: NDArray) -> FloatArray:
    w.attach_grad()
    b.attach_grad()
    with autograd.record():
        loss = lesson.square_loss(lesson.net(X, w, b), y)
    loss.backward()
    return np.append(w.grad.asnumpy(), b.grad.asnumpy())


class TestGradients:
    def test_they_are_exactly_minus_35_and_minus_12(self) -> None:
        X, y = nd.array([[1], [2], [3], [4]]), nd.array([[3], [5], [7], [9]])
        assert gradient(X, y, nd.zeros((1, 1)), nd.zeros((1,))).tolist() == [-35.0, -12.0]

    @pytest.mark.parametrize("features", [1, 2])
    @pytest.mark.parametrize("batch_size", [1, 3, 4, 10])
    def test_they_are_the_slopes_of_the_loss(self, features: int, batch_size: int) -> None:
        sizes = []
        for X, y in random_minibatches(features, batch_size):
            w, b = lesson.random_parameters(features)
            X64, y64, w64, b64 = (array.asnumpy().astype(np.float64) for array in (X, y, w, b))
            expected = slope_in_float64(X64, y64[:, 0], np.append(w64, b64))
            assert gradient(X, y, w, b) == pytest.approx(expected, rel=1e-4, abs=1e-5)
            sizes.append(len(X))
        assert sum(sizes) == 10

    def test_a_step_goes_down_the_gradient_in_place(self) -> None:
        X, y = nd.array([[1], [2], [3], [4]]), nd.array([[3], [5], [7], [9]])
        w, b = nd.zeros((1, 1)), nd.zeros((1,))
        w.attach_grad()
        b.attach_grad()
        loss = lesson.train_step(X, y, w, b, 0.25)
        assert (w.asscalar(), b.asscalar()) == (8.75, 3.0)
        assert loss.asnumpy().tolist() == [41.0]
        assert w.grad is not None, "w was replaced instead of overwritten"

    def test_the_loss_is_the_mean_with_no_hidden_half(self) -> None:
        loss = lesson.square_loss(nd.array([[1.0], [2.0]]), nd.array([[0.0], [5.0]]))
        assert loss.asnumpy().tolist() == [5.0]


def test_the_moving_average_starts_at_0_and_takes_a_hundredth_of_each_loss() -> None:
    first = lesson.moving_average(0.0, 100.0)
    assert first == pytest.approx(1.0)
    assert lesson.moving_average(first, 50.0) == pytest.approx(0.99 + 0.5)
