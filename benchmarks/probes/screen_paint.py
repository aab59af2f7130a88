"""Starts a command on a screen of its own, and notes when it first paints into the middle.

The command is not changed for it, so it can be any program.
"""

import json
import os
import subprocess
import sys
import time

from PySide6.QtGui import QGuiApplication, QImage

_MIDDLE = (512, 272, 256, 256)
_POLL_SECONDS = 0.004
_PATIENCE_SECONDS = 60


def main(command: list[str]) -> None:
    reader, writer = os.pipe()
    screen = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x800x24"]
    with subprocess.Popen(screen, pass_fds=[writer], stderr=subprocess.DEVNULL) as server:
        try:
            display = os.read(reader, 16).decode().strip()
            os.environ.update(DISPLAY=f":{display}", QT_QPA_PLATFORM="xcb")
            print(json.dumps({"window": _seconds_to_paint(command)}))
        finally:
            server.terminate()


def _seconds_to_paint(command: list[str]) -> float:
    application = QGuiApplication([])
    blank = _middle(application)
    start = time.monotonic()
    with subprocess.Popen(command) as program:
        while _middle(application) == blank:
            time.sleep(_POLL_SECONDS)
            if program.poll() is not None or time.monotonic() > start + _PATIENCE_SECONDS:
                program.kill()
                raise SystemExit(f"nothing was painted by {command}")
        painted = time.monotonic()
        program.terminate()
    del application
    return painted - start


def _middle(application: QGuiApplication) -> QImage:
    return application.primaryScreen().grabWindow(0, *_MIDDLE).toImage()


if __name__ == "__main__":
    main(sys.argv[1:])
