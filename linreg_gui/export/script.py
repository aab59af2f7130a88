"""A run as a Python script, with its requirements in inline metadata (PEP 723)."""

from collections.abc import Generator
from pathlib import Path

from linreg_gui.export.aside import done_aside
from linreg_gui.export.program import PYTHON, commented, program_of, snapshot
from linreg_gui.runs.run import Run


def writing_script(file: Path, run: Run) -> Generator[float, None, None]:
    """Write the script that takes the steps of ``run``; yield the share done.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    text = yield from done_aside(_script, snapshot(run))
    file.write_text(text, encoding="utf-8")


def _script(run: Run) -> str:
    program = program_of(run)
    requirements = "\n".join(f'#     "{each}",' for each in program.requirements)
    parts = [
        f'''\
# /// script
# requires-python = "{PYTHON}"
# dependencies = [
{requirements}
# ]
# ///

{commented(program.title, program.words)}
#
# To run it: uv run NAME_OF_THIS_FILE. This gets the packages above, too.'''
    ]
    for number, section in enumerate(program.sections, start=1):
        words = commented(f"{number}. {section.title}", section.words)
        parts.append(f"{words}\n\n{section.code}")
    return "\n\n\n".join(parts) + "\n"
