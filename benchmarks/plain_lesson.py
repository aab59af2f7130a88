"""The lesson as in a textbook, to compare the program's speed with.

It shares nothing with the program: MXNet is imported directly and runs on its default engine. The
last line it prints is the measurement, as JSON; the lines before it are the lesson's log.
"""

import argparse
import itertools
import json
import time

import numpy as np

# MXNet asks NumPy for names that it has given up. Nothing here uses them.
_NAMES = """
    PZERO NZERO NINF PINF Inf NAN NaN alltrue sometrue in1d round_ product trapz mirr msort npv pmt
    ppmt pv rate
"""
vars(np).setdefault("bool", np.bool_)
for _name in _NAMES.split():
    vars(np).setdefault(_name, None)

import mxnet as mx  # noqa: E402
from mxnet import autograd, nd  # noqa: E402
from mxnet.ndarray import NDArray  # noqa: E402

EXAMPLES = 10_000
BATCH_SIZE = 4
LEARNING_RATE = 0.001
LOG_INTERVAL = 500


def net(X: NDArray, w: NDArray, b: NDArray) -> NDArray:
    return nd.dot(X, w) + b


def square_loss(y_hat: NDArray, y: NDArray) -> NDArray:
    return nd.mean((y_hat - y) ** 2)


def sgd(parameters: list[NDArray], learning_rate: float) -> None:
    for parameter in parameters:
        parameter[:] = parameter - learning_rate * parameter.grad


def train(warm_up: int, steps: int) -> float:
    """Train the lesson and return the steps a second, timed after ``warm_up`` steps."""
    mx.random.seed(1)
    np.random.seed(1)
    X = nd.random.normal(shape=(EXAMPLES, 2))
    y = 2 * X[:, 0] - 3.4 * X[:, 1] + 4.2 + 0.01 * nd.random.normal(shape=(EXAMPLES,))
    train_data = mx.io.NDArrayIter(X, y, batch_size=BATCH_SIZE, shuffle=True)

    w = nd.random.normal(shape=(2, 1))
    b = nd.random.normal(shape=(1,))
    parameters = [w, b]
    for parameter in parameters:
        parameter.attach_grad()

    step = 0
    moving_loss = 0.0
    for epoch in itertools.count():
        train_data.reset()
        for i, batch in enumerate(train_data):
            if step == warm_up:
                start = time.perf_counter()
            if step == warm_up + steps:
                nd.waitall()
                return steps / (time.perf_counter() - start)
            data = batch.data[0]
            label = batch.label[0].reshape((-1, 1))
            with autograd.record():
                output = net(data, w, b)
                loss = square_loss(output, label)
            loss.backward()
            sgd(parameters, LEARNING_RATE)
            moving_loss = 0.99 * moving_loss + 0.01 * loss.asscalar()
            step += 1
            if (i + 1) % LOG_INTERVAL == 0:
                print(f"epoch {epoch}, batch {i}: moving average of the loss {moving_loss:.6f}")
    raise AssertionError("epochs follow one another without end")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warm-up", type=int, default=500)
    parser.add_argument("--steps", type=int, default=4500)
    options = parser.parse_args()
    print(json.dumps({"steps_per_second": train(options.warm_up, options.steps)}))
