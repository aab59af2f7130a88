"""The window fits its screen, whatever its scale factor, which Qt reads once in a process."""

import json
from pathlib import Path

import pytest

from tests.screenshots.__main__ import SCREEN
from tests.support import needs_posix, run_python

OPEN_THE_WINDOW = """
from PySide6.QtCore import QSettings
from linreg_gui.application import _fit_to_screen, create_application, create_window
application = create_application()
window = create_window(application, store=QSettings("none.ini", QSettings.Format.IniFormat))
window.completion.ended.disconnect(window.controller.load)
for scale in (window.session.theme.default_scale, 1.75, 2.5):
    window.session.theme.set_scale(scale)
    _fit_to_screen(window)
    window.show()
    application.processEvents()
    room, size = window.screen().availableGeometry(), window.size()
    assert size.width() < room.width() and size.height() < room.height(), (scale, size, room)
print(room.width(), room.height())
"""


@needs_posix("paths without a colon, at which Qt cuts them here")
@pytest.mark.parametrize(("factor", "screen"), [("1.25", "1536 864"), ("2", "960 540")])
def test_the_window_is_no_larger_than_its_screen(tmp_path: Path, factor: str, screen: str) -> None:
    file = tmp_path / "screen.json"
    file.write_text(json.dumps(SCREEN), encoding="utf-8")
    platform = f"offscreen:configfile={file}"
    done = run_python(OPEN_THE_WINDOW, QT_QPA_PLATFORM=platform, QT_SCALE_FACTOR=factor)
    assert (done.returncode, done.stdout.strip()) == (0, screen), done.stderr
