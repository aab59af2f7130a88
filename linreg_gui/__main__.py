"""The program's command. It reads its options before it loads Qt, so that help comes at once.

It imports nothing of the program before signals are seen to.
"""

import gc
import sys

from linreg_gui import interruption


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code.

    Parameters
    ----------
    arguments : list of str, optional
        By default those of the command line. Only then signals are seen to as well.
    """
    if arguments is None:
        interruption.begin()
    from linreg_gui import languages

    given = sys.argv[1:] if arguments is None else arguments
    languages.begin(given)
    from linreg_gui.options import BAD_INPUT, parse_options
    from linreg_gui.table_options import OptionError
    from linreg_gui.texts import complain

    try:
        options = parse_options(given)
    except OptionError as error:
        complain(str(error))
        return BAD_INPUT
    if options.install_desktop_entry:
        from linreg_gui.desktop_entry import install_desktop_entry

        return install_desktop_entry()
    # Starting makes little garbage, and looking for it delays the first paint by a tenth.
    gc.disable()
    try:
        from linreg_gui import application

        return application.run(options)
    except ImportError as error:
        complain(_why_qt_is_missing(error))
        return 1


def _why_qt_is_missing(error: ImportError) -> str:
    from linreg_gui.environment import SetupError
    from linreg_gui.environment.system import require_packages

    try:
        require_packages()
    except SetupError as lack:
        return str(lack)
    from linreg_gui.installation import how_to_repair

    return f"Qt could not be loaded ({error}). {how_to_repair()}"


if __name__ == "__main__":
    sys.exit(main())
