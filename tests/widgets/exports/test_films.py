import itertools
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QProgressDialog, QPushButton
from pytestqt.qtbot import QtBot

from linreg_gui.look.palette import LIGHT
from linreg_gui.plots.figure import Figure
from linreg_gui.plots.residual_plot import ResidualPlot
from linreg_gui.widgets.exports import films, pictures
from linreg_gui.widgets.exports.exporter import writing_export
from linreg_gui.widgets.exports.kinds import export_of
from linreg_gui.widgets.exports.pictures import FilmWish
from linreg_gui.widgets.window.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("shared_window")

ANIMATION = export_of("animation")
SHORT = FilmWish(400, 260, 1.0, seconds=1.0, rate=6)


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_an_animation_has_the_asked_frames_size_and_length(
    trained: MainWindow, tmp_path: Path, suffix: str
) -> None:
    trained.stage.show_picture(trained.picture(ResidualPlot))
    trained.session.playhead.go_to(1000)
    file = tmp_path / f"run.{suffix}"
    for _ in writing_export(ANIMATION, trained, file, SHORT):
        assert trained.session.playhead.step == 1000, "people see the same step as before"
    frames, milliseconds = [], 0
    with Image.open(file) as film:
        assert film.size == (400, 260)
        for frame in ImageSequence.Iterator(film):
            frames.append(np.asarray(frame.convert("RGB"), np.int16))
            milliseconds += frame.info["duration"]
    assert (len(frames), milliseconds) == (6, 1000)
    for one, other in itertools.pairwise(frames):
        assert np.abs(one - other)[40:220].max() > 60, "the picture moves"


def test_curves_grow_with_the_moment(trained: MainWindow) -> None:
    parts = []
    for name in ("loss", "parameters", "landscape"):
        picture = next(each for each in trained.pictures if each.name == name)
        with closing(Figure(picture, QSize(400, 300), LIGHT)) as figure:
            for step in (0, 1000, 5000, 3):
                figure.show_step(step)
                copy: Any = figure.copy
                if name == "landscape":
                    run = copy.run
                    ends = run.parameters_at(step)[list(copy.pair)]
                    np.testing.assert_allclose(copy.path.points[:, -1], ends)
                    parts.append(copy.path.points.shape[1])
                else:
                    curve = copy.curves.series[1]
                    assert max(curve.x, default=0) == step
                    parts.append(len(curve.x))
        assert parts[-4] < parts[-3] < parts[-2] > parts[-1]
        curves: Any = picture
        assert (curves.path if name == "landscape" else curves.curves.series[1]).x.size > 100


def test_a_slow_encoder_does_not_keep_a_cancel_waiting(
    trained: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def encode(*_: object) -> bytes:
        begun.set()
        assert may_end.wait(60)
        return b""

    monkeypatch.setattr(films, "_encoded", encode)
    monkeypatch.setattr(pictures, "as_png", encode)
    threads = threading.active_count()
    for kind, name in ((ANIMATION, "run.gif"), (export_of("stage"), "a.png")):
        begun.clear()
        writing = writing_export(kind, trained, tmp_path / name, SHORT)
        while not begun.is_set():
            next(writing)
        writing.close()
    assert not [*tmp_path.iterdir()]
    may_end.set()
    qtbot.waitUntil(lambda: threading.active_count() == threads)


def test_a_canceled_animation_leaves_nothing(
    trained: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "run.gif"
    threads = threading.active_count()
    trained.exporter.begin(ANIMATION, file, SHORT)
    (dialog,) = trained.findChildren(QProgressDialog)
    dialog.findChildren(QPushButton)[0].click()
    writing = writing_export(ANIMATION, trained, file, SHORT)
    for _ in range(8):
        next(writing)
    assert threading.active_count() > threads
    writing.close()
    assert not [*tmp_path.iterdir()]
    qtbot.waitUntil(lambda: threading.active_count() == threads)


def test_an_animation_that_cannot_be_written_is_said(
    trained: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    trained.exporter.begin(ANIMATION, tmp_path / "missing" / "run.gif", SHORT)
    said = trained.messages.label
    qtbot.waitUntil(lambda: "choose another folder" in said.text())


def test_all_pictures_move_in_one_animation(trained: MainWindow, tmp_path: Path) -> None:
    trained.stage.show_grid(wanted=True)
    wish = FilmWish(1200, 800, 1.0, seconds=1.0, rate=2)
    for _ in writing_export(ANIMATION, trained, tmp_path / "run.webp", wish):
        pass
    with Image.open(tmp_path / "run.webp") as film:
        assert len(list(ImageSequence.Iterator(film))) == 2
