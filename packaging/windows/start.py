"""What the package's programs run. Their folder has Python, its packages and LinReg."""

import sys

sys.frozen = True  # type: ignore[attr-defined]  # ``sys.executable`` is LinReg, and no Python

from linreg_gui.__main__ import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
