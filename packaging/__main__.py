"""Build packages of LinReg that need no Python: ``python3 packaging``, see ``--help``.

Standard library only: what it needs, it installs into an environment of its own.
"""

import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:1] = [os.path.dirname(HERE), HERE]


def main(arguments: "list[str]") -> int:
    """Build or try; return the exit code."""
    from linreg_gui.environment import interpreters

    options = _parse(arguments)
    if sys.platform != "linux" or not interpreters.is_supported():
        sys.stderr.write(
            "packaging: run this on Linux with a Python that LinReg runs with; on another system, "
            "see docs/packages.md.\n"
        )
        return 1
    from linux import building, trying

    try:
        if options.try_them is None:
            building.build()
            return 0
        return trying.try_packages(options.try_them, options.mirror)
    except (building.BuildError, OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write("packaging: {}\n".format(error))
        return 1


def _parse(arguments: "list[str]") -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 packaging",
        description="Build a Debian package and an archive, which need no Python, in dist/.",
    )
    parser.add_argument(
        "--try",
        dest="try_them",
        nargs="*",
        metavar="SYSTEM",
        help="as root: try what was built in clean systems (bookworm, trixie, noble; all of them "
        "if none is named), instead of building",
    )
    parser.add_argument(
        "--mirror", default="", metavar="URL", help="where --try fetches Ubuntu from"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    from linreg_gui import interruption

    interruption.begin()
    interruption.leave_to_python()
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
