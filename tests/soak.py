"""Works with the window for a long time, and looks whether anything grows.

``python3 tests --soak MINUTES`` trains without end with both engines, opens and closes every panel,
tries settings, keeps and deletes runs, and replays them. After the first tenth, memory must stay
flat, and threads, handles and objects must stay as many as they are.

The runs of the instant engine are long: so some twenty minutes have the steps of four hours at
`PACE`. Everything that is kept, drawn or thinned grows with the steps, whichever engine takes them.
"""

import argparse
import ctypes
import gc
import itertools
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass

import psutil
import shiboken6
from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from linreg_gui.application import create_application, create_window
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine, TrainingConfig
from linreg_gui.widgets.panels.registry import PANELS
from tests.support import is_prepared

SAMPLES = 20
MOST_GROWTH = 40.0
"""In megabytes. Twenty samples of a window that nothing leaks from differ by as much."""

PACE = 2000
"""Steps a second of the lesson in the window at full speed, on two cores."""

_EPOCHS = {Engine.AUTOGRAD: 2, Engine.INSTANT: 800}
_ACTION_SECONDS = 120.0


@dataclass
class Sample:
    """What the process holds. Objects are those of Qt that Python knows."""

    megabytes: float
    threads: int
    handles: int
    objects: int
    steps: int


class Soak:
    """Uses a window as a class would that never ends."""

    def __init__(self, application: QApplication) -> None:
        self._window = create_window(application, TrainingConfig(examples=2000, learning_rate=0.02))
        self._window.show()
        self.controller = self._window.controller
        self.rounds = 0
        self.steps = 0
        self._wait(lambda: self.controller.state is RunState.READY)
        self._actions: list[Callable[[], None]] = [
            self._use_the_other_engine,
            self._train,
            self._replay,
            *(self._look_at_panel for _ in PANELS),
            self._try_settings,
            self._compare,
            self._arrange,
            self._change_appearance,
        ]

    def play_round(self) -> None:
        """Do everything once."""
        for act in self._actions:
            act()
        self.rounds += 1

    def close(self) -> None:
        self._window.close()

    def _wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _ACTION_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                sys.exit(f"The window stands still: {self.controller.state}")
            self._rest(0.005)

    def _rest(self, seconds: float) -> None:
        loop = QEventLoop()  # only a loop deletes later what is to be deleted later
        QTimer.singleShot(round(1000 * seconds), loop, loop.quit)
        loop.exec()

    def _use_the_other_engine(self) -> None:
        engine = self.controller.settings.engine
        other = Engine.INSTANT if engine is Engine.AUTOGRAD else Engine.AUTOGRAD
        self.controller.change_settings(engine=other, epochs=_EPOCHS[other])

    def _train(self) -> None:
        self.controller.draw_new_seed()
        self._wait(lambda: self.controller.state is RunState.READY and is_prepared(self.controller))
        self.controller.step()
        self.controller.start()
        self._wait(lambda: self.controller.state is RunState.COMPLETED)
        assert self.controller.run is not None
        self.steps += self.controller.run.history.step

    def _replay(self) -> None:
        playhead = self._window.session.playhead
        playhead.go_to(1)
        playhead.play()
        self._rest(0.2)
        playhead.go_live()

    def _look_at_panel(self) -> None:
        spec = next(self._panels)
        switch = self._window.session.switches[spec]
        switch.setChecked(True)
        self._rest(0.05)
        switch.setChecked(False)

    _panels = itertools.cycle(PANELS)

    def _try_settings(self) -> None:
        for size in (8, 16, 4):
            self.controller.change_setting("batch_size", size)
            self._rest(0.05)
        self.controller.change_setting("learning_rate", 0.03)
        self._rest(0.05)
        self.controller.change_setting("learning_rate", 0.02)

    def _compare(self) -> None:
        kept = self._window.session.kept_runs
        kept.begin_comparing()
        self._rest(0.05)
        kept.end_comparing()
        kept.clear_over()
        if len(kept.runs) > 3:
            kept.delete(kept.runs[0])
        self._rest(0.02)

    def _arrange(self) -> None:
        stage = self._window.stage
        for wanted in (True, False):
            stage.show_grid(wanted=wanted)
            self._rest(0.05)
        stage.suggest(self._window.pictures[self.rounds % len(self._window.pictures)].name)

    def _change_appearance(self) -> None:
        if self.rounds % 10 == 0:
            theme = self._window.session.theme
            theme.step_scale(1)
            self._rest(0.05)
            theme.step_scale(-1)


def sample(soak: Soak) -> Sample:
    """Count what the process holds now, without the gaps that the allocator keeps for later."""
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    process = psutil.Process()
    objects = sum(
        isinstance(each, QObject) and shiboken6.isValid(each) for each in gc.get_objects()
    )
    return Sample(
        process.memory_info().rss / 1e6,
        process.num_threads(),
        process.num_fds(),
        objects,
        soak.steps,
    )


def _mean(samples: list[Sample]) -> float:
    return sum(each.megabytes for each in samples) / len(samples)


def main(arguments: list[str]) -> int:
    """Soak for some minutes, print the samples; return 1 if something has grown."""
    parser = argparse.ArgumentParser(prog="python3 tests --soak")
    parser.add_argument("minutes", type=float)
    seconds = 60 * parser.parse_args(arguments).minutes
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    soak = Soak(create_application())
    start = time.monotonic()
    samples: list[Sample] = []
    print(f"{'minute':>8}{'MB':>8}{'threads':>9}{'handles':>9}{'objects':>9}{'steps':>12}")
    while len(samples) < SAMPLES:
        soak.play_round()
        if time.monotonic() - start >= seconds * (len(samples) + 1) / SAMPLES:
            samples.append(sample(soak))
            minute, last = (time.monotonic() - start) / 60, samples[-1]
            print(
                f"{minute:8.1f}{last.megabytes:8.1f}{last.threads:9}{last.handles:9}"
                f"{last.objects:9}{last.steps:12,}",
                flush=True,
            )
    soak.close()
    first, *_, last = samples[SAMPLES // 10 :]
    grown = _mean(samples[-SAMPLES // 4 :]) - _mean(samples[SAMPLES // 10 : SAMPLES // 3])
    same = astuple(first)[1:4] == astuple(last)[1:4]
    print(
        f"{soak.rounds} rounds, {soak.steps / PACE / 3600:.1f} hours' worth of steps, "
        f"{grown:+.1f} MB after the first tenth"
    )
    return int(grown > MOST_GROWTH or not same or threading.active_count() > 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
