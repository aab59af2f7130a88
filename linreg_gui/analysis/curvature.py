"""How the loss curves: which learning rates train, and where SGD is to be expected.

Derived in docs/learning-rates.md. An error is measured along the eigenvectors of the Hessian H, in
units in which its square is the loss above least squares: u, with one coordinate for each
curvature λ. An example z, whitened likewise, then changes it by −ηλ·z(z·u − r), where r is the
example's residual at least squares.
"""

import numpy as np

from linreg_gui.analysis.learning_rates import LearningRateLimits, fastest_rate
from linreg_gui.analysis.least_squares import FLAT, Axes, solve
from linreg_gui.analysis.moments import Moments, product_map, products_of
from linreg_gui.data.dataset import DoubleArray, FloatArray
from linreg_gui.engines.minibatch_order import count_batches

_SMALL = 0.5


class Curvature:
    """The curvatures of the loss, on average and of each example.

    What is expected of a run at one moment, its outlook, is the mean of the `products_of` [u, −1]
    over all the ways to shuffle: a vector that every epoch maps linearly.

    Parameters
    ----------
    moments : Moments
        Of the examples.
    is_standardized : bool
        Whether the training features are standardized.

    Attributes
    ----------
    curvatures : ndarray, shape (r,)
        The eigenvalues of H that are not flat, the largest first.
    parameters : ndarray, shape (d + 1, r)
        It maps u to errors of the parameters in the units of the data.
    optimum : ndarray, shape (d + 1,)
        The least-squares solution in these units.
    lowest : float
        The loss there.
    """

    def __init__(self, moments: Moments, *, is_standardized: bool) -> None:
        scaling = moments.scaling
        axes = Axes.of(moments.loss_root)
        self._size = moments.size
        self._to_standardized = scaling.to_standardized
        if is_standardized:
            self._to_standardized = np.eye(len(self._to_standardized))
        turn, self._sizes, self._directions = np.linalg.svd(
            axes.steep_root @ self._to_standardized, full_matrices=False
        )
        self._all = 2 * self._sizes**2
        self.curvatures = self._all[self._all > FLAT * self._all[0]]
        self._outputs = turn.T @ axes.steep_root
        weights, self.lowest = solve(moments)
        self._optimum = np.append(weights, moments.target_mean)
        self.optimum = scaling.to_measured @ self._optimum
        self._trained_optimum = self._optimum if is_standardized else self.optimum
        self.parameters = scaling.to_measured @ axes.half_axes @ turn
        whitening = np.zeros((len(turn) + 1, len(weights) + 2))
        whitening[:-1, :-1] = (axes.half_axes @ turn).T
        whitening[-1] = [*-weights, 0.0, 1.0]
        products = product_map(whitening)
        self._fourth = products @ moments.fourth @ products.T
        self._pairs = np.triu_indices(len(turn) + 1)
        self._reliable: dict[int, float] = {}

    def limits(self, batch_size: int) -> LearningRateLimits:
        """Return the limits for minibatches of ``batch_size``; the typical one for full batches.

        E[(I − ηH_b)⊗(I − ηH_b)] = I − ηT + η²Q with T = H⊗I + I⊗H and Q = E[H_b⊗H_b]. Drawn
        without replacement from n examples, Q = H⊗H + (n−m)/(m(n−1))·(E[h⊗h] − H⊗H). The
        spectral radius is below 1 as long as T − ηQ is positive: η < 1/λmax(T⁻¹Q).
        """
        full_batch = 2.0 / float(self.curvatures[0])
        drift, square = self._drift_and_square(batch_size)
        mean_square = _limit(drift, square)
        return LearningRateLimits(
            full_batch=full_batch,
            mean_square=mean_square,
            fastest=fastest_rate(drift, square, mean_square),
            typical=full_batch if batch_size == self._size else None,
        )

    def reliable_rate(self, batch_size: int) -> float:
        """Return the mean-square limit alone."""
        if batch_size not in self._reliable:
            self._reliable[batch_size] = _limit(*self._drift_and_square(batch_size))
        return self._reliable[batch_size]

    def _drift_and_square(self, batch_size: int) -> tuple[DoubleArray, DoubleArray]:
        """Return T, which is diagonal, and Q, without the flat directions."""
        first, second = self._pairs
        steep = second < len(self.curvatures)
        first, second = first[steep], second[steep]
        products = self.curvatures[first] * self.curvatures[second]
        roots = np.sqrt(products)
        share = _noise(self._size, batch_size)
        square = share * np.outer(roots, roots) * self._fourth[np.ix_(steep, steep)]
        square += (1 - share) * np.diag(products)
        return self.curvatures[first] + self.curvatures[second], square

    def outlook(self, start: FloatArray) -> DoubleArray:
        """Return the outlook at the trained parameters ``start``, shape (d + 1,)."""
        error = self._outputs @ (self._to_standardized @ start - self._optimum)
        outlook: DoubleArray = products_of(np.append(error, -1.0)[np.newaxis])[0]
        return outlook

    def drawn_outlook(self) -> DoubleArray:
        """Return the outlook at a start whose parameters are still to be drawn from N(0, 1)."""
        outlook = self.outlook(np.zeros(len(self._optimum)))
        outlook[self._squares] += self._sizes**2
        return outlook

    @property
    def _squares(self) -> DoubleArray:
        """Return which products are the squares of u."""
        first, second = self._pairs
        squares: DoubleArray = (first == second) & (second < len(self._sizes))
        return squares

    def epoch(self, rate: float, batch_size: int) -> DoubleArray:
        """Return the matrix that maps an outlook to the one an epoch later.

        What the minibatches of an epoch add to the gradient sums up to 0, so the noise of the first
        ones is taken back by the last. It counts here with the variance that it has left at the end
        of the epoch, and the last minibatch, which may be short, by its own. With the largest rates
        and where an error changes its sign at every step, nothing is taken back.
        """
        size, batches = self._size, count_batches(self._size, batch_size)
        last_size = size - (batches - 1) * batch_size
        steps = np.append(rate * self._all, 0.0)
        first, second = (steps[each] for each in self._pairs)
        lost = first + second - first * second

        def step(noise: DoubleArray | float) -> DoubleArray:
            noisy = (first * second * noise)[:, np.newaxis] * (self._fourth - np.eye(len(lost)))
            step: DoubleArray = np.diag(1 - lost) + noisy
            return step

        usual, last = _noise(size, batch_size), _noise(size, last_size)
        with np.errstate(all="ignore"):  # of a run that diverges
            squares = _geometric(lost, batches)
            sums = _geometric(first, batches) * _geometric(second, batches)
            left = (size / batch_size * (squares - 1) + size / last_size - sums) / max(size - 1, 1)
            is_taken_back = (lost < 1) & (rate <= self.reliable_rate(batch_size) / 2)
            if last_size == batch_size:
                noise = np.where(is_taken_back, left / squares, usual)
                epoch: DoubleArray = np.linalg.matrix_power(step(noise), batches)
            else:
                noise = np.where(is_taken_back, (left - last) / (squares - 1), usual)
                epoch = step(last) @ np.linalg.matrix_power(step(noise), batches - 1)
            return epoch

    def without_noise(self, outlook: DoubleArray) -> DoubleArray:
        """Return the outlook of the mean path: what would be left without noise."""
        is_mean = self._pairs[1] == len(self._sizes)
        path: DoubleArray = outlook[is_mean].copy()
        path[:-1] /= np.sqrt(2.0)
        alone: DoubleArray = products_of(path[np.newaxis])[0]
        return alone

    def excess(self, outlook: DoubleArray) -> float:
        """Return the loss above least squares that is expected."""
        return max(float(outlook[self._squares].sum()), 0.0)

    def squared_gradient(self, outlook: DoubleArray) -> float:
        """Return the expected square of the length of the loss's gradient, where it is trained."""
        return max(float(2 * self._all @ outlook[self._squares]), 0.0)

    def parameter_errors(self, outlook: DoubleArray) -> DoubleArray:
        """Return the root of each parameter's expected squared error, in the units of the data."""
        rows = np.pad(self.parameters, ((0, 0), (0, 1)))
        errors: DoubleArray = np.sqrt(np.maximum(products_of(rows) @ outlook, 0.0))
        return errors

    def rounded(self, outlook: DoubleArray, start: DoubleArray, rate: float) -> DoubleArray:
        """Return ``outlook`` with at least what single precision leaves of that at the ``start``.

        Without noise, a parameter stays where it is once the rate times its gradient is less than
        half of the distance to the next number.
        """
        squares = self._squares
        with np.errstate(all="ignore"):  # an optimum may be beyond single precision
            spacing = np.spacing(np.abs(self._trained_optimum).astype(np.float32))
            nearest = spacing / (4.0 * rate)
            stuck = np.square(self._directions) @ np.square(nearest) / np.square(self._sizes)
        rounded = outlook.copy()
        rounded[squares] = np.fmax(rounded[squares], np.fmin(stuck, start[squares]))
        return rounded

    def measures(self, excess: float, errors: DoubleArray) -> DoubleArray:
        """Return the rows whose products with an outlook compare it with these bounds.

        They are 1 where the loss above least squares is expected to be ``excess``, and where the
        squared error of a parameter is expected to be the square of its ``errors``.
        """
        with np.errstate(all="ignore"):  # a bound may be 0
            rows = np.pad(self.parameters / errors[:, np.newaxis], ((0, 0), (0, 1)))
            return np.vstack([self._squares / excess, products_of(rows)])


def _noise(size: int, batch_size: int) -> float:
    """Return the variance of a minibatch's mean, as a share of that of an example."""
    return (size - batch_size) / (batch_size * (size - 1)) if size > 1 else 0.0


def _limit(drift: DoubleArray, square: DoubleArray) -> float:
    """Return 1/λmax(T⁻¹Q)."""
    whitening = np.sqrt(np.outer(drift, drift))
    return 1.0 / float(np.linalg.eigvalsh(square / whitening)[-1])


def _geometric(lost: DoubleArray, count: int) -> DoubleArray:
    """Return Σ (1 − lost)ⁱ for i = 0 … count − 1."""
    few = -np.expm1(count * np.log1p(-np.minimum(lost, _SMALL)))
    sums: DoubleArray = np.where(lost < _SMALL, few, 1 - (1 - lost) ** count) / lost
    return np.where(lost == 0, float(count), sums)
