"""Bring the catalogues up to date with the texts of the program: ``python3 tests --texts``.

Translations stay. Where an English text has changed a little, its translation stays too, marked as
fuzzy: the program does not use it until somebody has looked at it and taken the mark away.
``python3 tests --texts de`` updates one language and then says what is missing or wrong in it; a
new code begins a new language.
"""

import sys

from tests.catalogues.checks import complaints, untranslated
from tests.catalogues.files import codes, extracted, read, updated, write


def main(arguments: list[str]) -> int:
    """Update the catalogues; return 1 if one that was asked for is not complete and right."""
    template = extracted()
    failed = False
    for code in arguments or codes():
        write(code, updated(code, template))
        catalogue = read(code)
        missing, wrong = untranslated(catalogue), complaints(catalogue)
        print(f"{code}: {len(catalogue) - len(missing)} of {len(catalogue)} texts translated")
        if arguments:
            failed = failed or bool(missing or wrong)
            for line in [*missing, *wrong]:
                print(line)
        elif wrong:
            print(f"{code}: {len(wrong)} are wrong; see python3 tests --texts {code}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
