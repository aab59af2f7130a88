"""A run as a Python script, with its requirements in inline metadata (PEP 723)."""

from linreg_gui.export.program import PYTHON, commented, program_of
from linreg_gui.runs.run import Run


def script_of(run: Run) -> str:
    """Return the script that takes the steps of ``run``, as text. There must be no `obstacle`."""
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
