"""MXNet is imported in one place, without output, and keeps the user's choices."""

import re
import threading

import numpy as np

from linreg_gui.backend import REMOVED_NAMES, nd, seed_generators
from tests.support import ROOT, run_python

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


def test_numpy_has_the_names_again_that_mxnet_needs() -> None:
    assert all(hasattr(np, name) for name in REMOVED_NAMES)
    again = REMOVED_NAMES
    assert (again["product"]([2, 3]), again["round_"](2.7)) == (6, 3)
    assert (again["alltrue"]([1, 0]), again["sometrue"]([1, 0])) == (False, True)
    assert again["in1d"]([1, 5], [5]).tolist() == [False, True]
    assert (again["PINF"], again["NINF"], np.signbit(again["NZERO"])) == (np.inf, -np.inf, True)
    assert again["bool"] is np.bool_
    if again["trapz"] is not None:
        assert again["trapz"]([0, 1, 1]) == 1.5


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
    assert users == {"backend.py", "program.py"}  # which writes a program that seeds it
