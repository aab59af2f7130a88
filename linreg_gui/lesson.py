"""Linear regression from scratch: NDArray and autograd.

The program itself trains with these functions.
There are ``n`` examples with ``d`` features each.
A minibatch has ``m`` of the examples.
"""

from collections.abc import Callable, Iterator, Sequence

from linreg_gui.backend import NDArray, autograd, mx, nd

Forward = Callable[
    [NDArray, NDArray, NDArray, NDArray], NDArray
]


def synthetic_data(
    n: int,
    weights: Sequence[float],
    bias: float,
    noise_std: float,
) -> tuple[NDArray, NDArray]:
    """Draw X (n, d) from N(0, 1) and noisy y (n,)."""
    X = nd.random.normal(shape=(n, len(weights)))
    noise = noise_std * nd.random.normal(shape=(n,))
    y = nd.dot(X, nd.array(weights)) + bias + noise
    return X, y


def data_iterator(
    X: NDArray,
    y: NDArray,
    batch_size: int,
    shuffle: bool,
) -> mx.io.NDArrayIter:
    """Make minibatches; ``reset()`` starts an epoch."""
    return mx.io.NDArrayIter(
        X, y, batch_size=batch_size, shuffle=shuffle
    )


def minibatches(
    iterator: mx.io.NDArrayIter,
) -> Iterator[tuple[NDArray, NDArray]]:
    """Yield X (m, d) and y (m, 1) of each minibatch.

    This is one epoch. The last one may be short.
    """
    iterator.reset()
    X = iterator.data[0][1]
    y = iterator.label[0][1].reshape((-1, 1))
    for start in range(0, len(X), iterator.batch_size):
        rows = slice(start, start + iterator.batch_size)
        yield X[rows], y[rows]


def random_parameters(
    d: int,
) -> tuple[NDArray, NDArray]:
    """Draw w (d, 1) and b (1,) from N(0, 1)."""
    w = nd.random.normal(shape=(d, 1))
    b = nd.random.normal(shape=(1,))
    return w, b


def net(X: NDArray, w: NDArray, b: NDArray) -> NDArray:
    """Predict ŷ (m, 1) with the linear model."""
    return nd.dot(X, w) + b


def square_loss(y_hat: NDArray, y: NDArray) -> NDArray:
    """Return the mean squared difference (1,)."""
    return nd.mean((y_hat - y) ** 2)


def loss_of(
    X: NDArray, y: NDArray, w: NDArray, b: NDArray
) -> NDArray:
    """Go forward: minibatch in, loss (1,) out."""
    return square_loss(net(X, w, b), y)


def sgd(
    parameters: Sequence[NDArray], learning_rate: float
) -> None:
    """Step down the gradient, each in place."""
    for parameter in parameters:
        parameter -= learning_rate * parameter.grad


def train_step(
    X: NDArray,
    y: NDArray,
    w: NDArray,
    b: NDArray,
    learning_rate: float,
    forward: Forward = loss_of,
) -> NDArray:
    """Go forward and backward, and update."""
    with autograd.record():
        loss = forward(X, y, w, b)
    loss.backward()
    sgd([w, b], learning_rate)
    return loss


def moving_average(
    average: float, loss: float
) -> float:
    """Smooth the noisy losses of the minibatches."""
    return 0.99 * average + 0.01 * loss
