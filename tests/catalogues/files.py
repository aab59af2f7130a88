"""The .po files, and the texts of the program that belong in them."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from linreg_gui.desktop_entry import texts_in
from linreg_gui.prose import parts_of_lines
from linreg_gui.resources import resource_path

ROOT = Path(__file__).parents[2]
FOLDER = resource_path("languages")
PROSE = ("lesson", "questions", "contrasts", "lessons", "help")
"""The folders in ``resources`` whose files have prose."""

DESKTOP = (
    "packaging/linux/share/metainfo/linreg-gui.metainfo.xml",
    "resources/desktop/linreg-gui.desktop.in",
    "resources/desktop/linreg-gui.xml",
)
"""What desktops and stores show of the program."""

_KEYWORDS = {"tr": None, "trn": (1, 2), "trc": ((1, "c"), 2)}

_HEADER = """msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def codes() -> list[str]:
    """Return the codes of the languages that have a file."""
    return sorted(file.stem for file in FOLDER.glob("*.po"))


def extracted() -> Catalog:
    """Return all texts of the program, each with the files it is in."""
    template = Catalog()
    texts = extract_from_dir(
        ROOT / "linreg_gui",
        [("**.py", "python")],
        keywords=_KEYWORDS,
        comment_tags=["translators:"],
        strip_comment_tags=True,
    )
    for file, _, text, comments, context in texts:
        template.add(text, None, [(f"linreg_gui/{file}", 1)], (), comments, context=context)
    for path in sorted((ROOT / "linreg_gui").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        for text, context in _texts_in_f_strings(path.read_text("utf-8")):
            template.add(text, None, [(place, 1)], context=context)
    for folder in PROSE:
        for path in sorted(resource_path(folder).glob("*.md")):
            place = f"resources/{folder}/{path.name}"
            for _, words, _ in parts_of_lines(path.read_text("utf-8")):
                if words:
                    template.add(words, None, [(place, 1)])
    for place in DESKTOP:
        for words in texts_in((ROOT / place).read_text("utf-8")):
            template.add(words, None, [(place, 1)])
    return template


def _texts_in_f_strings(code: str) -> Iterator[tuple[str, str | None]]:
    """Yield the texts that Babel does not find before Python 3.12, each with its context."""
    for string in ast.walk(ast.parse(code)):
        for call in ast.walk(string) if isinstance(string, ast.JoinedStr) else ():
            match call:
                case ast.Call(ast.Name("tr"), [ast.Constant(str(text))]):
                    yield text, None
                case ast.Call(ast.Name("trc"), [ast.Constant(str(about)), ast.Constant(str(text))]):
                    yield text, about


def read(code: str) -> Catalog:
    """Return the catalogue of a language; an empty one if there is none yet."""
    file = FOLDER / f"{code}.po"
    if not file.is_file():
        return Catalog(Locale.parse(code))
    with file.open("rb") as opened:
        return read_po(opened, locale=code, abort_invalid=True)


def updated(code: str, template: Catalog) -> Catalog:
    """Return the catalogue of a language with the texts of ``template``."""
    catalogue = read(code)
    comment = catalogue.header_comment
    catalogue.update(template, update_header_comment=False)
    catalogue.header_comment = comment
    catalogue.obsolete.clear()
    return catalogue


def write(code: str, catalogue: Catalog) -> None:
    """Write the catalogue of a language, each string in one line, so that changes are easy to see.

    It has no dates and no numbers of lines, which would change with everything. The comments at its
    top stay.
    """
    for message in catalogue:
        message.locations.sort()  # as Babel writes them, else the next writing would sort otherwise
        message.flags.discard("python-format")  # our “%” is for percent
        if not message.string or not any(message.string):
            message.flags.discard("fuzzy")
        if not message.fuzzy:  # Babel reads what a text was before as a comment of a person
            message.previous_id = []
            message.user_comments = [
                line for line in message.user_comments if not line.startswith("|")
            ]
    content = BytesIO()
    write_po(
        content,
        catalogue,
        width=0,
        omit_header=True,
        sort_by_file=True,
        include_lineno=False,
        include_previous=True,
    )
    header = _HEADER.format(code=code, plural_forms=catalogue.plural_forms)
    comments = f"{catalogue.header_comment}\n" if catalogue.header_comment else ""
    text = comments + header + content.getvalue().decode().rstrip("\n") + "\n"
    (FOLDER / f"{code}.po").write_text(text, "utf-8")
