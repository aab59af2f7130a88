"""MXNet is imported in one place, without output, and keeps the user's choices."""

import json
import re
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from linreg_gui.backend import REMOVED_NAMES, mx, nd, seed_generators
from linreg_gui.settings import DEFAULTS
from tests.support import ROOT, fingerprint, run_python

SHOW_ENGINE = "import os; import linreg_gui.backend; print(os.environ['MXNET_ENGINE_TYPE'])"


def test_it_chooses_the_faster_engine_and_says_nothing() -> None:
    process = run_python(f"import os; os.environ.pop('MXNET_ENGINE_TYPE', 0); {SHOW_ENGINE}")
    assert (process.stdout, process.stderr) == ("NaiveEngine\n", "")


def test_it_leaves_an_engine_that_the_user_chose() -> None:
    process = run_python(SHOW_ENGINE, MXNET_ENGINE_TYPE="ThreadedEnginePerDevice")
    assert (process.stdout, process.stderr) == ("ThreadedEnginePerDevice\n", "")


def test_it_loads_where_there_is_no_stderr() -> None:
    process = run_python(f"import os; os.close(2); {SHOW_ENGINE}")
    assert process.returncode == 0
    assert process.stdout


def test_only_mxnets_own_line_is_held_back_from_stderr() -> None:
    code = (
        "import os; from linreg_gui.backend import _without_lines\n"
        "with _without_lines(b'boast'): os.write(2, b'one\\na boast\\ntwo\\n')\n"
        "os.write(2, b'three\\n')"
    )
    assert run_python(code).stderr == "one\ntwo\nthree\n"


def test_operators_that_mxnet_does_not_make_at_once_are_there_when_they_are_called() -> None:
    numbers = nd.array([[1, -2]])
    symbol = mx.sym.relu(mx.sym.Variable("x"))
    assert symbol.eval(x=numbers)[0].asnumpy().tolist() == [[1, 0]]
    assert mx.npx.relu(numbers.as_np_ndarray()).tolist() == [[1, 0]]


REPLACEMENTS: dict[str, Callable[[Any], bool]] = {
    "bool": lambda kind: np.array([2]).astype(kind).tolist() == [True],
    "PZERO": lambda zero: zero == 0 and not np.signbit(zero),
    "NZERO": lambda zero: zero == 0 and np.signbit(zero),
    "NINF": lambda number: number == float("-inf"),
    "PINF": lambda number: number == float("inf"),
    "Inf": lambda number: number == float("inf"),
    "NAN": np.isnan,
    "NaN": np.isnan,
    "alltrue": lambda of: (of([1, 2]), of([1, 0])) == (True, False),
    "sometrue": lambda of: (of([0, 2]), of([0, 0])) == (True, False),
    "in1d": lambda of: of([1, 5], [5]).tolist() == [False, True],
    "round_": lambda of: (of(2.7), of(2.345, 1)) == (3, 2.3),
    "product": lambda of: of([2, 3]) == 6,
    # NumPy 1 has its own.
    "trapz": lambda of: of([0, 1, 1]) == 1.5 if of else hasattr(np, "trapz"),
    **dict.fromkeys(
        ("mirr", "msort", "npv", "pmt", "ppmt", "pv", "rate"), lambda nothing: nothing is None
    ),
}


def test_each_name_that_numpy_has_removed_stands_for_the_same_again() -> None:
    assert REMOVED_NAMES.keys() == REPLACEMENTS.keys()
    for name, value in REMOVED_NAMES.items():
        assert hasattr(np, name)
        assert REPLACEMENTS[name](value), name


def test_the_steps_are_the_same_with_a_numpy_that_has_none_of_them() -> None:
    process = run_python(
        "import json, numpy as np\n"
        f"for name in {list(REMOVED_NAMES)}: vars(np).pop(name, None)\n"
        "from linreg_gui.settings import DEFAULTS; from tests.support import fingerprint\n"
        "print(json.dumps(fingerprint(DEFAULTS, 20)))"
    )
    assert process.stderr == ""
    assert json.loads(process.stdout) == fingerprint(DEFAULTS, 20)


def test_a_seed_decides_what_both_generators_draw() -> None:
    def draw(seed: int) -> tuple[list[float], list[float]]:
        seed_generators(seed)
        return nd.random.normal(shape=(3,)).asnumpy().tolist(), np.random.rand(3).tolist()

    first, second, other = draw(7), draw(7), draw(8)
    assert first == second
    assert first[0] != other[0]
    assert first[1] != other[1]


def test_seeding_in_another_thread_does_nothing_for_mxnet_in_this_one() -> None:
    # Why the seed is set on the thread that draws.
    seed_generators(7)
    first = nd.random.normal(shape=(3,)).asnumpy().tolist()
    seed_generators(7)
    thread = threading.Thread(target=seed_generators, args=(8,))
    thread.start()
    thread.join()
    assert nd.random.normal(shape=(3,)).asnumpy().tolist() == first


def test_nothing_else_touches_numpys_global_generator() -> None:
    # NDArrayIter shuffles with it: one draw elsewhere and a run could not be repeated.
    others = re.compile(r"np\.random\.(?!default_rng|Generator)\w+")
    users = {
        path.name
        for path in (ROOT / "linreg_gui").rglob("*.py")
        if others.search(path.read_text(encoding="utf-8"))
    }
    # shuffling.py draws from its own; program.py writes a program that seeds it
    assert users == {"backend.py", "shuffling.py", "program.py"}
