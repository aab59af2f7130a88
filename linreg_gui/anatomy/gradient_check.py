"""The gradient of a minibatch's loss in three ways. On MXNet's thread."""

import numpy as np

from linreg_gui import lesson
from linreg_gui.anatomy.gradient_report import GradientReport
from linreg_gui.backend import nd
from linreg_gui.data.dataset import DoubleArray, FloatArray

_SINGLE = np.finfo(np.float32)


def check_gradient(
    features: FloatArray, target: FloatArray, parameters: FloatArray, gradient: FloatArray
) -> GradientReport:
    """Compare autograd's ``gradient`` with one derived by hand and with central differences.

    The minibatch has ``features`` of shape (m, d) and a ``target`` of shape (m,). ``parameters``
    and ``gradient`` have the shape (d + 1,), the bias last.
    """
    m = len(target)
    Z = np.column_stack([features, np.ones(m)]).astype(np.float64)
    y, theta = target.astype(np.float64), parameters.astype(np.float64)
    sizes = np.abs(Z) @ np.abs(theta) + np.abs(y)
    rounding = float(_SINGLE.eps) * 2 / m * np.abs(Z).T @ sizes
    step_sizes = _step_sizes(Z, sizes)
    return GradientReport(
        size=m,
        autograd=gradient.astype(np.float64),
        by_hand=2 / m * Z.T @ (Z @ theta - y),
        central=_central_differences(Z[:, :-1], y, theta, step_sizes),
        step_sizes=step_sizes,
        # Below the smallest normal number single precision loses digits of its own.
        roundings=np.maximum(rounding, float(_SINGLE.tiny)),
    )


def _step_sizes(Z: DoubleArray, sizes: DoubleArray) -> DoubleArray:
    """Return for each parameter the power of ten that moves predictions by about their size.

    The loss is quadratic: its central difference is exact for any h, however large. So h need only
    be large enough for the two losses to differ in many of their digits.
    """
    moved = np.abs(Z).mean(axis=0)
    wanted = np.divide(sizes.mean(), moved, out=np.zeros_like(moved), where=moved > 0)
    powers: DoubleArray = 10.0 ** np.floor(np.log10(np.where(wanted > 0, wanted, 1.0)))
    return powers


def _central_differences(
    X: DoubleArray, y: DoubleArray, theta: DoubleArray, step_sizes: DoubleArray
) -> DoubleArray:
    """Return (loss(θ + h) − loss(θ − h)) / 2h for each parameter, with the lesson's loss."""
    features = nd.array(X, dtype="float64")
    column = nd.array(y.reshape(-1, 1), dtype="float64")

    def loss_at(parameters: DoubleArray) -> float:
        w = nd.array(parameters[:-1].reshape(-1, 1), dtype="float64")
        b = nd.array(parameters[-1:], dtype="float64")
        loss: float = lesson.loss_of(features, column, w, b).asnumpy().item()
        return loss

    return np.array(
        [
            (loss_at(theta + step) - loss_at(theta - step)) / (2 * h)
            for h, step in zip(step_sizes, np.diag(step_sizes), strict=True)
        ]
    )
