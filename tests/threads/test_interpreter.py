"""The interpreter's switch interval is short while somebody asks for it."""

import sys

from linreg_gui.threads.jobs import yielding_to_the_window


def test_it_is_as_before_once_the_last_has_ended() -> None:
    before = sys.getswitchinterval()
    first, second = yielding_to_the_window(), yielding_to_the_window()
    first.__enter__()
    second.__enter__()
    short = sys.getswitchinterval()
    assert short < before / 10
    first.__exit__(None, None, None)
    assert sys.getswitchinterval() == short
    second.__exit__(None, None, None)
    assert sys.getswitchinterval() == before
