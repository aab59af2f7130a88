"""The program's command. It reads its options before it loads Qt, so that help comes at once.

It imports nothing of the program before signals are seen to.
"""

import gc
import os
import sys
from importlib.util import find_spec
from io import TextIOWrapper

from linreg_gui import interruption, platforms

MXNET = "mxnet==1.7.0.post2" if platforms.IS_WINDOWS else "mxnet==1.9.1"
"""What pip has to install by itself, without what it asks for, where that forbids the others."""


def main(arguments: "list[str] | None" = None) -> int:
    """Run the program and return its exit code.

    Parameters
    ----------
    arguments : list of str, optional
        By default those of the command line. Only then signals are seen to as well.
    """
    if arguments is None:
        interruption.begin()
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # the terminal may not know “−” or “は”
    from linreg_gui import languages
    from linreg_gui.environment import give_up

    given = sys.argv[1:] if arguments is None else arguments
    languages.begin(given)
    lack = _lack()
    if lack:
        give_up(lack)
        return 1
    if any(each.partition("=")[0] == "--batch" for each in given):
        languages.speak(languages.ENGLISH)  # for whoever reads what is wrong with the others, too
    from linreg_gui.options import BAD_INPUT, parse_options
    from linreg_gui.table_options import OptionError
    from linreg_gui.texts import complain

    try:
        options = parse_options(given)
    except OptionError as error:
        complain(str(error))
        return BAD_INPUT
    _have_a_home()
    if options.install_desktop_entry:
        from linreg_gui.desktop_entry import install_desktop_entry

        return install_desktop_entry()
    if options.remove_desktop_entry:
        from linreg_gui.desktop_entry import remove_desktop_entry

        return remove_desktop_entry()
    # Starting makes little garbage, and looking for it delays the first paint by a tenth.
    gc.disable()
    try:
        from linreg_gui import application

        return application.run(options)
    except ImportError as error:
        give_up(_why_qt_is_missing(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, a double click must not end in silence
        from linreg_gui.error_log import log_error
        from linreg_gui.texts import reason_of, tr

        sentence = tr("LinReg had to end ({reason}).").format(reason=reason_of(error))
        give_up(log_error(error, sentence))
    return 1


def _lack() -> str:
    """Say what to do if packages are missing, whichever Python runs this; empty if none is."""
    missing = [name for name in ("numpy", "PySide6", "mxnet") if find_spec(name) is None]
    if not missing:
        return ""
    from linreg_gui.environment import ROOT, VENV, is_inside
    from linreg_gui.languages import in_a_row, tr

    starter = os.path.join(ROOT, "app.py")
    if is_inside():
        return tr("The folder {folder} is damaged. Delete it and start again.").format(folder=VENV)
    if os.path.exists(starter):
        command = platforms.command_line([platforms.USUAL_PYTHON, starter])
        sentence = tr("This Python has not the packages of LinReg. Start it with: {command}")
        return sentence.format(command=command)
    if missing == ["mxnet"]:
        pip_install = [sys.executable, "-m", "pip", "install", "--no-deps", MXNET]
        command = platforms.command_line(pip_install)
        sentence = tr(
            "MXNet is missing, which pip cannot add by itself here. Install it with: {command}"
        )
        return sentence.format(command=command)
    sentence = tr("This Python lacks {names}. Install LinReg again.")
    return sentence.format(names=in_a_row(missing))


def _have_a_home() -> None:
    """Give a user without a home folder one for as long as this process lasts."""
    if os.path.isabs(os.path.expanduser("~")):
        return
    import atexit
    import shutil
    import tempfile

    from linreg_gui.texts import complain, tr

    os.environ["HOME"] = tempfile.mkdtemp(prefix="linreg-gui-")
    atexit.register(shutil.rmtree, os.environ["HOME"], ignore_errors=True)
    complain(tr("This user has no home folder, so settings and saved states are not kept."))


def _why_qt_is_missing(error: ImportError) -> str:
    from linreg_gui.environment.system import lacking_libraries
    from linreg_gui.installation import how_to_repair
    from linreg_gui.texts import paragraph, reason_of, tr

    sentence = tr("Qt could not be loaded ({reason}).").format(reason=reason_of(error))
    return lacking_libraries() or paragraph(sentence, how_to_repair())


if __name__ == "__main__":
    sys.exit(main())
