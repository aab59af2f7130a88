"""Gradient steps as affine maps, all of them applied by one MXNet graph.

For squared loss a step of SGD on a linear model is an affine map of the parameters. Maps compose,
so the parameters after each of many steps can be found by composing pairs of maps, then pairs of
pairs, and handing the start down the tree again (Blelloch 1990, "Prefix sums and their
applications"): as many small products as steps, in some twenty operations.

Parameters are written as their distance e (D,) from a reference θ₀, with a 1 behind it:
s = [e; 1], which has h = D + 1 coordinates. A minibatch of m rows becomes Z̃ = [X 1 −r] (m, h), r
being the residuals at θ₀, so that Z̃s are the residuals at θ₀ + e. With G = Z̃ᵀZ̃ the minibatch's
loss is sᵀGs/m, and its step e ← e − (2η/m)·(Gs)[:D]. Far from 0 and near the optimum this keeps
the digits that sums of x² and xy would lose.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from linreg_gui.backend import NDArray, nd
from linreg_gui.data.dataset import DoubleArray
from linreg_gui.training.graph import record_graph

_LONGEST_CHAIN = 10
"""At most so many maps are applied one after another at the top of the tree."""


def padded_length(steps: int) -> int:
    """Return the length of a scan that holds ``steps``: chains of no more than a few trees."""
    leaves = 1
    while -(-steps // leaves) > _LONGEST_CHAIN:
        leaves *= 2
    return -(-steps // leaves) * leaves


def to_ndarray(values: DoubleArray) -> NDArray:
    """Return ``values`` as an NDArray in double precision."""
    return nd.array(values, dtype=np.float64)


def sums_of_products(rows: DoubleArray) -> NDArray:
    """Return G = Z̃ᵀZ̃ of each minibatch, shape (k, h, h), for rows of shape (k, m, h)."""
    return _sums_graph(rows.shape)(to_ndarray(rows))


def scan(
    sums: NDArray, rates: DoubleArray, sizes: DoubleArray, start: DoubleArray
) -> tuple[DoubleArray, DoubleArray]:
    """Apply the steps of ``k`` minibatches, one after another.

    Parameters
    ----------
    sums : NDArray, shape (padded_length(k), h, h)
        From `sums_of_products`; what is beyond ``k`` is left alone.
    rates : ndarray, shape (k,)
        The learning rate of each step; 0 leaves the parameters where they are.
    sizes : ndarray, shape (k,)
        How many examples each minibatch has.
    start : ndarray, shape (h,)
        The state before the first step. With 0 as its last coordinate the maps' linear part alone
        is applied.

    Returns
    -------
    states : ndarray, shape (k + 1, h)
        Before each step, and after the last.
    losses : ndarray, shape (k,)
        Of each minibatch, before its step. Rounding may leave one a little below 0.
    """
    steps, (length, width) = len(rates), sums.shape[:2]
    scale = np.zeros((length, width, 1))
    scale[:steps, :-1, 0] = (2.0 * rates / sizes)[:, np.newaxis]
    scale_and_start = to_ndarray(np.append(scale, start.reshape(1, width, 1), axis=0))
    result = _scan_graph(length, width)(sums, scale_and_start, _identity(width)).asnumpy()
    states, products = result[:steps, :, 0], result[length : length + steps, :, 0]
    end = states[-1] - scale[steps - 1, :, 0] * products[-1]
    losses = np.einsum("ij,ij->i", states, products) / sizes
    return np.vstack([states, end]), losses


def forget_graphs() -> None:
    """Free what is kept between scans, on the thread that made it."""
    for kept in (_sums_graph, _scan_graph, _identity):
        kept.cache_clear()


@lru_cache(maxsize=16)
def _identity(width: int) -> NDArray:
    return to_ndarray(np.eye(width)[np.newaxis])


@lru_cache(maxsize=16)
def _sums_graph(shape: tuple[int, ...]) -> Callable[..., NDArray]:
    return record_graph(
        lambda rows: nd.batch_dot(rows, rows, transpose_a=True), [to_ndarray(np.zeros(shape))]
    )


@lru_cache(maxsize=16)
def _scan_graph(length: int, width: int) -> Callable[..., NDArray]:
    shapes = (length, width, width), (length + 1, width, 1), (1, width, width)
    return record_graph(_scan, [to_ndarray(np.zeros(shape)) for shape in shapes])


def _scan(sums: NDArray, scale_and_start: NDArray, identity: NDArray) -> NDArray:
    """Return the state s before each step, and below them each Gs: shape (2k, h, 1)."""
    scale = nd.slice_axis(scale_and_start, axis=0, begin=0, end=-1)
    start = nd.slice_axis(scale_and_start, axis=0, begin=-1, end=None)
    maps = nd.broadcast_sub(identity, nd.broadcast_mul(sums, scale))
    firsts = []
    while len(maps) > _LONGEST_CHAIN:
        first, second = _halves(maps)
        firsts.append(first)
        maps = nd.batch_dot(second, first)
    chain = [start]
    for index in range(len(maps) - 1):
        step = nd.slice_axis(maps, axis=0, begin=index, end=index + 1)
        chain.append(nd.batch_dot(step, chain[-1]))
    states = nd.concat(*chain, dim=0)
    for first in reversed(firsts):
        between = nd.batch_dot(first, states)
        states = nd.stack(states, between, axis=1).reshape((-1, start.shape[1], 1))
    return nd.concat(states, nd.batch_dot(sums, states), dim=0)


def _halves(maps: NDArray) -> list[NDArray]:
    """Return the first and the second map of each pair."""
    count, width, _ = maps.shape
    pairs = maps.reshape((count // 2, 2, width * width))
    return [
        nd.slice_axis(pairs, axis=1, begin=place, end=place + 1).reshape((-1, width, width))
        for place in (0, 1)
    ]
