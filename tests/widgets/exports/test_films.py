import itertools
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence
from PySide6.QtWidgets import QProgressDialog, QPushButton
from pytestqt.qtbot import QtBot

from linreg_gui.plots.residual_plot import ResidualPlot
from linreg_gui.widgets.exports.exporter import writing_export
from linreg_gui.widgets.exports.kinds import export_of
from linreg_gui.widgets.exports.pictures import FilmWish
from linreg_gui.widgets.window.main_window import MainWindow

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


def test_a_canceled_animation_leaves_nothing(trained: MainWindow, tmp_path: Path) -> None:
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
    assert threading.active_count() == threads


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
