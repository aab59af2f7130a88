"""Linear regression from scratch.

It takes NDArray and autograd, nothing else.
The program itself trains with this code.
There are ``n`` examples with ``d`` features.
A minibatch has ``m`` of the examples.
"""

from collections.abc import (
    Callable,
    Iterator,
    Sequence,
)

from linreg_gui.backend import (
    NDArray,
    autograd,
    mx,
    nd,
)

Forward = Callable[
    [NDArray, NDArray, NDArray, NDArray],
    NDArray,
]


def synthetic_data(
    n: int,
    weights: Sequence[float],
    bias: float,
    noise_std: float,
) -> tuple[NDArray, NDArray]:
    """Draw X (n, d) and noisy y (n,)."""
    w = nd.array(weights)
    X = nd.random.normal(shape=(n, len(w)))
    noise = nd.random.normal(shape=(n,))
    y = nd.dot(X, w) + bias
    return X, y + noise_std * noise


def data_iterator(
    X: NDArray,
    y: NDArray,
    batch_size: int,
    shuffle: bool,
) -> mx.io.NDArrayIter:
    """Make an iterator of minibatches."""
    return mx.io.NDArrayIter(
        X,
        y,
        batch_size=batch_size,
        shuffle=shuffle,
    )


def minibatches(
    iterator: mx.io.NDArrayIter,
) -> Iterator[tuple[NDArray, NDArray]]:
    """Yield X (m, d) and y (m, 1) of each.

    This is one epoch. The last may be short.
    """
    iterator.reset()
    X = iterator.data[0][1]
    y = iterator.label[0][1].reshape((-1, 1))
    m = iterator.batch_size
    for start in range(0, len(X), m):
        rows = slice(start, start + m)
        yield X[rows], y[rows]


def random_parameters(
    d: int,
) -> tuple[NDArray, NDArray]:
    """Draw w (d, 1), b (1,) from N(0, 1)."""
    w = nd.random.normal(shape=(d, 1))
    b = nd.random.normal(shape=(1,))
    return w, b


def net(
    X: NDArray, w: NDArray, b: NDArray
) -> NDArray:
    """Predict ŷ (m, 1): a linear model."""
    return nd.dot(X, w) + b


def square_loss(
    y_hat: NDArray, y: NDArray
) -> NDArray:
    """Return the mean squared difference."""
    return nd.mean((y_hat - y) ** 2)


def loss_of(
    X: NDArray,
    y: NDArray,
    w: NDArray,
    b: NDArray,
) -> NDArray:
    """Go forward: minibatch in, loss out."""
    return square_loss(net(X, w, b), y)


def sgd(
    parameters: Sequence[NDArray],
    learning_rate: float,
) -> None:
    """Step down the gradient, in place."""
    for p in parameters:
        p -= learning_rate * p.grad


def train_step(
    X: NDArray,
    y: NDArray,
    w: NDArray,
    b: NDArray,
    learning_rate: float,
    forward: Forward = loss_of,
) -> NDArray:
    """Go forward and back, and update."""
    with autograd.record():
        loss = forward(X, y, w, b)
    loss.backward()
    sgd([w, b], learning_rate)
    return loss


def moving_average(
    average: float, loss: float
) -> float:
    """Smooth the losses of minibatches."""
    return 0.99 * average + 0.01 * loss
