"""A run as a Python script, with its requirements in inline metadata (PEP 723)."""

from linreg_gui.export.program import PYTHON, commented, program_of
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr


def script_of(run: Run) -> str:
    """Return the script that takes the steps of ``run``, as text. There must be no `obstacle`."""
    program = program_of(run)
    requirements = "\n".join(f'#     "{each}",' for each in program.requirements)
    to_run = tr("To run it: {command}. This gets the packages above, too.").format(
        command="uv run NAME_OF_THIS_FILE"
    )
    parts = [
        f'''\
# /// script
# requires-python = "{PYTHON}"
# dependencies = [
{requirements}
# ]
# ///

{commented(program.title, program.words, to_run)}'''
    ]
    for number, section in enumerate(program.sections, start=1):
        words = commented(f"{number}. {section.title}", section.words)
        parts.append(f"{words}\n\n{section.code}")
    return "\n\n\n".join(parts) + "\n"
