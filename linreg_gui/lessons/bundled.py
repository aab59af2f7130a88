"""The lessons that come with the program. Menus need them early: import little here."""

from pathlib import Path

from linreg_gui.prose import translated
from linreg_gui.resources import resource_path


def bundled() -> dict[str, str]:
    """Return the titles of the lessons that come with the program, by name, in their order."""
    titles = {}
    for file in sorted(resource_path("lessons").glob("*.md")):
        with file.open(encoding="utf-8") as opened:
            titles[file.stem] = translated(opened.readline()).removeprefix("# ").strip()
    return titles


def lesson_file(name: str) -> Path:
    """Return the file of a lesson: ``name`` is that of a bundled one, or a path.

    A bundled one is found with or without the number in front.
    """
    for known in bundled():
        if name in {known, known.partition("-")[2]}:
            return resource_path("lessons", f"{known}.md")
    return Path(name)
