"""Linear regression from scratch: NDArray, autograd and nothing else.

This is the lesson, and the program trains with these very functions. ``n`` examples have ``d``
features; a minibatch holds ``m`` of the examples.
"""

from collections.abc import Sequence

from linreg_gui.backend import NDArray, autograd, mx, nd


def synthetic_data(
    n: int, weights: Sequence[float], bias: float, noise_std: float
) -> tuple[NDArray, NDArray]:
    """Draw features X (n, d) from N(0, 1) and their noisy targets y (n,)."""
    X = nd.random.normal(shape=(n, len(weights)))
    noise = noise_std * nd.random.normal(shape=(n,))
    y = nd.dot(X, nd.array(weights)) + bias + noise
    return X, y


def data_iterator(X: NDArray, y: NDArray, batch_size: int, shuffle: bool) -> mx.io.NDArrayIter:
    """Serve the examples in minibatches; ``reset()`` it before every epoch."""
    return mx.io.NDArrayIter(X, y, batch_size=batch_size, shuffle=shuffle)


def minibatch(batch: mx.io.DataBatch) -> tuple[NDArray, NDArray]:
    """Return the batch's real rows: X (m, d) and y (m, 1)."""
    X, y = batch.data[0], batch.label[0]
    if batch.pad:  # the last batch is short: drop the rows that only fill it up
        X, y = X[: -batch.pad], y[: -batch.pad]
    return X, y.reshape((-1, 1))


def random_parameters(d: int) -> tuple[NDArray, NDArray]:
    """Draw a start for w (d, 1) and b (1,) from N(0, 1)."""
    w = nd.random.normal(shape=(d, 1))
    b = nd.random.normal(shape=(1,))
    return w, b


def net(X: NDArray, w: NDArray, b: NDArray) -> NDArray:
    """Predict ŷ (m, 1): the linear model."""
    return nd.dot(X, w) + b


def square_loss(y_hat: NDArray, y: NDArray) -> NDArray:
    """Return the mean squared difference over the minibatch (1,)."""
    return nd.mean((y_hat - y) ** 2)


def sgd(parameters: Sequence[NDArray], learning_rate: float) -> None:
    """Take one step down the gradient, overwriting each parameter in place."""
    for parameter in parameters:
        parameter -= learning_rate * parameter.grad


def train_step(X: NDArray, y: NDArray, w: NDArray, b: NDArray, learning_rate: float) -> NDArray:
    """Forward, backward, update: one step of training; return the minibatch's loss (1,)."""
    with autograd.record():
        y_hat = net(X, w, b)
        loss = square_loss(y_hat, y)
    loss.backward()
    sgd([w, b], learning_rate)
    return loss


def moving_average(average: float, loss: float) -> float:
    """Smooth the noisy minibatch losses."""
    return 0.99 * average + 0.01 * loss
