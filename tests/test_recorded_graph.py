"""A recorded graph computes what its function does, bit for bit."""

import numpy as np
import pytest

from linreg_gui import lesson
from linreg_gui.backend import NDArray, autograd, nd, record_graph, seed_generators


def drawn(features: int, rows: int) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    X, y = lesson.synthetic_data(rows, (2.0, -3.4)[:features], 4.2, 0.5)
    w, b = lesson.random_parameters(features)
    w.attach_grad()
    b.attach_grad()
    return X, y.reshape((-1, 1)), w, b


@pytest.mark.parametrize("features", [1, 2])
def test_the_graph_gives_the_same_bits_as_the_lessons_functions(features: int) -> None:
    seed_generators(4)
    graph = record_graph(lesson.loss_of, drawn(features, 1))
    for rows in (4, 1, 7, 4):
        X, y, w, b = drawn(features, rows)
        found = []
        for forward in (lesson.loss_of, graph):
            with autograd.record():
                loss = forward(X, y, w, b)
            loss.backward()
            found.append([array.asnumpy().tobytes() for array in (loss, w.grad, b.grad)])
        assert found[0] == found[1]


def test_arguments_keep_their_order_whatever_the_function_does_first() -> None:
    def function(first: NDArray, second: NDArray, third: NDArray) -> NDArray:
        return third * 100 - second * 10 + first

    graph = record_graph(function, [nd.ones((1,)) for _ in range(3)])
    assert graph(nd.array([1]), nd.array([2]), nd.array([3])).asnumpy() == np.array([281])


def test_recording_does_not_change_the_examples() -> None:
    seed_generators(4)
    X, y, w, b = drawn(2, 3)
    with autograd.record():
        loss = lesson.loss_of(X, y, w, b)
    loss.backward()
    gradients = [parameter.grad.asnumpy() for parameter in (w, b)]
    record_graph(lesson.loss_of, [X, y, w, b])
    assert all(gradient.all() for gradient in gradients)
    assert np.array_equal(w.grad.asnumpy(), gradients[0])
    assert np.array_equal(b.grad.asnumpy(), gradients[1])
    assert X.grad is None


def test_an_argument_that_is_not_used_is_refused() -> None:
    with pytest.raises(ValueError, match="each of its arguments"):
        record_graph(lambda first, _second: first + 1, [nd.ones((1,)), nd.ones((1,))])
