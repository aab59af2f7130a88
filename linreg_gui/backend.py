"""The one place that imports MXNet: engine type, compatibility and seeding.

MXNet belongs to a single thread for the life of the process. Import this module first on that
thread, and use what it offers only there.
"""

import ctypes
import importlib.util
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["NDArray", "autograd", "mx", "nd"]  # MXNet's own names, offered on


def _choose_engine() -> None:
    """Make small eager operations fast, unless the user has chosen otherwise.

    The synchronous engine runs them about 1.5 times faster. On several cores they take longer than
    on one. They take many times longer while another program, or the window, keeps one of these
    cores busy, because the other cores wait for it in a loop.
    """
    os.environ.setdefault("MXNET_ENGINE_TYPE", "NaiveEngine")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("MXNET_SUBGRAPH_VERBOSE", "0")


def _let_windows_find_openmp() -> None:
    """Lead Windows to vcomp140.dll, which MXNet needs and has not, and which Qt's wheel has."""
    if sys.platform == "win32":
        spec = importlib.util.find_spec("PySide6")
        for folder in (spec and spec.submodule_search_locations) or ():
            os.add_dll_directory(folder)


_LIBRARIES = {"linux": "libmxnet.so", "darwin": "libmxnet.dylib"}


def _map_library_without_the_gil() -> None:
    """Map libmxnet before Python does, unless this is Windows, where Python does it as well.

    Python's own loader holds the interpreter lock while it maps and relocates the library, which
    would freeze the window. A foreign call releases the lock, and the later import finds the
    library loaded. If the library is not found, the import itself says why.
    """
    spec = importlib.util.find_spec("mxnet")
    for folder in (spec and spec.submodule_search_locations) or ():
        library = Path(folder) / _LIBRARIES.get(sys.platform, "")
        if library.is_file():
            dlopen = ctypes.CDLL(None).dlopen
            dlopen.restype = ctypes.c_void_p
            dlopen(os.fsencode(library), ctypes.c_int(os.RTLD_NOW | os.RTLD_LOCAL))


REMOVED_NAMES: dict[str, Any] = {
    "bool": np.bool_,
    "PZERO": 0.0,
    "NZERO": -0.0,
    "NINF": -np.inf,
    "PINF": np.inf,
    "Inf": np.inf,
    "NAN": np.nan,
    "NaN": np.nan,
    "alltrue": np.all,
    "sometrue": np.any,
    "in1d": np.isin,
    "round_": np.round,
    "product": np.prod,
    "trapz": getattr(np, "trapezoid", None),  # new in NumPy 2
    # NumPy 1.20 removed these without a replacement. MXNet names them, and nobody calls them.
    **dict.fromkeys(("mirr", "msort", "npv", "pmt", "ppmt", "pv", "rate")),
}
"""The names of NumPy that MXNet uses and that NumPy has removed since 1.20."""


def _restore_removed_names() -> None:
    """Give NumPy back the names that MXNet needs, where they are missing."""
    for name, value in REMOVED_NAMES.items():
        if name not in vars(np):  # to ask for it would warn
            setattr(np, name, value)


def _make_operators_when_called() -> None:
    """Let MXNet write most of its operators when they are called, not when it is imported.

    Writing and compiling a function for each takes half of the import. Operators on NDArrays, which
    the program calls, are made at once; those on symbols and on arrays like NumPy's, at their first
    call.
    """
    spec = importlib.util.find_spec("mxnet")
    if spec is None or "mxnet" in sys.modules:
        return
    sys.modules["mxnet"] = importlib.util.module_from_spec(spec)  # without what is imported in it
    try:
        base: Any = importlib.import_module("mxnet.base")
    except ImportError:  # the import of the whole says why
        return
    finally:
        del sys.modules["mxnet"]
    register, register_like_numpy = base._init_op_module, base._init_np_op_module  # noqa: SLF001

    def register_lightly(package: str, kind: str, make_op_func: Callable[..., Any]) -> None:
        register(package, kind, make_op_func if kind == "ndarray" else _lightly(make_op_func))

    def register_like_numpy_lightly(make_op_func: Callable[..., Any], **names: str | None) -> None:
        register_like_numpy(make_op_func=_lightly(make_op_func), **names)

    base._init_op_module = register_lightly  # noqa: SLF001
    base._init_np_op_module = register_like_numpy_lightly  # noqa: SLF001


def _lightly(make: Callable[..., Callable[..., Any]]) -> Callable[..., Callable[..., Any]]:
    def make_lightly(handle: Any, name: str, function_name: str) -> Callable[..., Any]:
        made = cache(partial(make, handle, name, function_name))

        def operator(*arguments: Any, **named: Any) -> Any:
            return made()(*arguments, **named)

        operator.__name__ = function_name
        operator.__doc__ = ""  # which MXNet edits
        return operator

    return make_lightly


@contextmanager
def _without_lines(marker: bytes) -> Iterator[None]:
    """Hold back the process's stderr, and then pass on every line without ``marker``.

    MXNet announces its engine on file descriptor 2, from C++. This cannot be switched off.
    """
    try:
        stderr = os.dup(2)
    except OSError:  # no stderr at all, as under a windowed launcher
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
            held.seek(0)
            for line in held:
                if marker not in line:
                    os.write(2, line)


_choose_engine()
_let_windows_find_openmp()
_map_library_without_the_gil()
_restore_removed_names()

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # MXNet is archived: nobody will act on them
    _make_operators_when_called()
    import mxnet as mx
    from mxnet import autograd, nd
    from mxnet.ndarray import CachedOp, NDArray

with _without_lines(b"MXNet start using engine"):
    nd.zeros((1,)).wait_to_read()


T = TypeVar("T")
_clearers: list[Callable[[], None]] = []


def cached(most: int) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Remember the last ``most`` results of a function, until `clear_caches`."""

    def decorate(function: Callable[..., T]) -> Callable[..., T]:
        cache = lru_cache(most)(function)
        _clearers.append(cache.cache_clear)
        return cache

    return decorate


def clear_caches() -> None:
    """Free all that `cached` remembers, on the thread that made it."""
    for clear in _clearers:
        clear()


@contextmanager
def autograd_at_rest() -> Iterator[None]:
    """Let autograd record nothing after an error, wherever in ``autograd.record`` it came."""
    try:
        yield
    except Exception:
        autograd.set_recording(False)
        autograd.set_training(False)
        raise


def to_ndarray(values: npt.NDArray[np.float64]) -> NDArray:
    """Return ``values`` as an NDArray in double precision. `nd.array` takes three times as long."""
    array = nd.empty(values.shape, dtype=np.float64)
    array._sync_copyfrom(values)  # noqa: SLF001 - `array[:] = values` has a long way to it
    return array


@autograd_at_rest()
def record_graph(
    function: Callable[..., NDArray], examples: Sequence[NDArray]
) -> Callable[..., NDArray]:
    """Return a function that computes what ``function`` does, in fewer calls.

    Run eagerly, every operation is a call from Python, which takes longer than the arithmetic on a
    minibatch. So ``function`` runs once while autograd records. The recorded graph then runs
    forward in one call, and backward in another. The results are the same, bit for bit.

    Parameters
    ----------
    function : callable
        Takes NDArrays by position, uses each, and returns one.
    examples : sequence of NDArray
        Arguments to record it with. Later ones may be longer or shorter along the first axis.

    Raises
    ------
    ValueError
        If the function does not use one of its arguments.
    """
    arguments = [example.copy() for example in examples]
    for argument in arguments:
        argument.attach_grad()  # autograd numbers its variables in this order
    with autograd.record():
        result = function(*arguments)
    symbol = autograd.get_symbol(result)
    names = symbol.list_inputs()
    if len(names) != len(arguments):
        raise ValueError("the function does not use each of its arguments")
    in_order = sorted(names, key=lambda name: int(name.removeprefix("var")))
    positions = [in_order.index(name) for name in names]
    operator = CachedOp(symbol, [("static_alloc", True), ("static_shape", True)])
    return lambda *arrays: operator(*[arrays[position] for position in positions])


def seed_generators(seed: int) -> None:
    """Seed both generators that the lesson uses, for the calling thread.

    MXNet's generator draws the data and the start. NumPy's global one shuffles in ``NDArrayIter``.
    """
    mx.random.seed(seed)
    np.random.seed(seed)
