"""A function of the lesson as one MXNet graph: the same arithmetic in fewer calls.

Run eagerly, every operation on a minibatch is a call from Python, which takes longer than the
arithmetic itself. So the function runs once while autograd records, and what was recorded becomes a
graph that goes forward, and backward, in one call each. The results are the same, bit for bit.
"""

from collections.abc import Callable, Sequence

from linreg_gui.backend import CachedOp, NDArray, autograd


def record_graph(
    function: Callable[..., NDArray], examples: Sequence[NDArray]
) -> Callable[..., NDArray]:
    """Return what computes as ``function`` does, also while autograd records.

    Parameters
    ----------
    function : callable
        Takes NDArrays by position, uses each, and returns one.
    examples : sequence of NDArray
        Arguments to record it with; later ones may be longer or shorter along the first axis.
    """
    arguments = [example.copy() for example in examples]
    for argument in arguments:
        argument.attach_grad()  # autograd numbers its variables in this order
    with autograd.record():
        result = function(*arguments)
    symbol = autograd.get_symbol(result)
    names = symbol.list_inputs()
    in_order = sorted(names, key=lambda name: int(name.removeprefix("var")))
    positions = [in_order.index(name) for name in names]
    operator = CachedOp(symbol, [("static_alloc", True), ("static_shape", True)])
    return lambda *arrays: operator(*[arrays[position] for position in positions])
