"""Take pictures of the window in all states: ``python3 tests --screenshots FOLDER [--only WORDS]``.

They are in English and in two pseudo-languages, or in the languages that ``--language`` names. Each
scale factor of the screen has a process of its own, because Qt reads it once. The process keeps one
window for all pictures in a language. What does not fit is listed in ``misfits-*.txt``.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from PySide6.QtWidgets import QApplication

from linreg_gui.application import create_application, create_window
from linreg_gui.languages import ENGLISH, NAMES
from tests.pseudo_languages import LONGER, MIRRORED, spoken
from tests.screenshots.fit import misfits
from tests.screenshots.pilot import Pilot
from tests.screenshots.plan import Shot, by_state, shots
from tests.screenshots.states import STATES
from tests.screenshots.views import VIEWS

SCREEN = {
    "screens": [
        {
            "name": "projector", "x": 0, "y": 0, "width": 1920, "height": 1080,
            "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1,
        }
    ]
}  # fmt: skip

_COMPRESSION = 0
"""Qt's word for the smallest file."""

_PAGE = """<!doctype html><meta charset="utf-8"><title>LinReg</title>
<style>
body {{ font: 14px sans-serif; background: #777; margin: 16px }}
main {{ display: grid; gap: 16px; grid-template-columns: repeat(auto-fill, minmax(420px, 1fr)) }}
figure {{ margin: 0; background: #fff; padding: 8px }}
img {{ width: 100% }}
</style>
<main>{figures}</main>
"""
_FIGURE = (
    '<figure><a href="{file}"><img src="{file}" loading="lazy"></a>'
    "<figcaption>{words}</figcaption></figure>\n"
)


def main(arguments: list[str]) -> int:
    """Take the pictures that ``arguments`` ask for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 tests --screenshots")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", default=[], metavar="WORDS")
    known = (*NAMES, LONGER, MIRRORED)
    parser.add_argument(
        "--language", nargs="+", choices=known, default=[ENGLISH, LONGER, MIRRORED], metavar="CODE"
    )
    parser.add_argument("--ratio", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in shots() if all(words in shot.name for words in options.only)]
    if options.ratio is not None:
        shown = [shot for shot in wanted if shot.screen.ratio == options.ratio]
        application = create_application()
        for code in options.language:
            with spoken(code):
                _take(application, shown, folder, "" if code == ENGLISH else f"{code}-")
        return 0
    ratios = sorted({shot.screen.ratio for shot in wanted})
    codes = list(_exit_codes(arguments, folder, ratios))
    _write_index(folder)
    return max(codes, default=0)


def _exit_codes(arguments: list[str], folder: Path, ratios: list[float]) -> Iterator[int]:
    """Run a process for each of ``ratios``, all at the same time."""
    screen = folder / "screen.json"
    screen.write_text(json.dumps(SCREEN), encoding="utf-8")
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.screenshots", *arguments, f"--ratio={ratio}"],
            env={
                **os.environ,
                "QT_QPA_PLATFORM": f"offscreen:configfile={screen.resolve()}",
                "QT_SCALE_FACTOR": str(ratio),
            },
        )
        for ratio in ratios
    ]
    for child in children:
        yield child.wait()
    screen.unlink()


def _take(application: QApplication, wanted: list[Shot], folder: Path, prefix: str) -> None:
    window = create_window(application)
    pilot = Pilot(window)
    theme = window.session.theme
    misfits_file = folder / f"{prefix}misfits-{wanted[0].screen.ratio:g}.txt"
    with misfits_file.open("w", encoding="utf-8") as report:
        for state, several in by_state(wanted):
            STATES[state](pilot)
            for shot in several:
                theme.set_mode(shot.mode)
                theme.set_scale(shot.scale)
                pilot.resize(shot.screen.width, shot.screen.height)
                with VIEWS[shot.view](pilot):
                    pilot.settle()
                    file = folder / f"{prefix}{shot.name}.png"
                    pilot.take_picture().save(str(file), "PNG", _COMPRESSION)
                    for misfit in misfits(window, *pilot.extra_windows()):
                        report.write(f"{shot.name}: {misfit}\n")
    window.close()
    QApplication.processEvents()


def _write_index(folder: Path) -> None:
    files = sorted(file.name for file in folder.glob("*.png"))
    figures = (_FIGURE.format(file=escape(name), words=escape(Path(name).stem)) for name in files)
    page = _PAGE.format(figures="".join(figures))
    (folder / "index.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
