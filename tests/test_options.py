import re
from pathlib import Path

import pytest

from linreg_gui import __version__
from linreg_gui.__main__ import main
from linreg_gui.languages import ENGLISH, speak
from linreg_gui.options import parse_options
from linreg_gui.settings import DEFAULTS, Init, StopRule
from linreg_gui.table_options import OptionError, TableRequest


def test_without_options_the_lessons_settings_are_taken() -> None:
    options = parse_options([])
    assert options.batch is None
    assert options.config == DEFAULTS


def test_every_option_sets_its_setting() -> None:
    config = parse_options(
        [
            "--batch",
            "out",
            "--examples",
            "1,000",
            "--weights",
            "-2,3.5",
            "--bias",
            "-1e-2",
            "--noise",
            "0,5",
            "--batch-size",
            "8",
            "--learning-rate",
            "5e-2",
            "--epochs",
            "3",
            "--seed",
            "7",
            "--engine",
            "autograd",
            "--init",
            "zeros",
        ]
    ).config
    assert (config.examples, config.true_weights, config.true_bias) == (1000, (-2.0, 3.5), -0.01)
    assert (config.noise_std, config.batch_size, config.learning_rate) == (0.5, 8, 0.05)
    assert (config.epochs, config.seed, config.init) == (3, 7, Init.ZEROS)


def test_a_lesson_is_for_the_window() -> None:
    assert parse_options(["--lesson", "why-batches"]).lesson == "why-batches"
    with pytest.raises(OptionError, match="--lesson opens in the window; leave out --batch"):
        parse_options(["--lesson", "why-batches", "--batch", "out"])


def test_a_table_is_named_with_its_columns() -> None:
    options = parse_options(
        [
            *("--csv", "cars.csv", "--features", 'speed,"weight, in t"', "--target", "distance"),
            *("--standardize", "--test-share", "0,25", "--init", "1,2,3"),
        ]
    )
    assert options.table == TableRequest(Path("cars.csv"), ("speed", "weight, in t"), "distance")
    assert (options.config.standardize, options.config.test_share) == (True, 0.25)
    assert options.config.typed_start(2) == (1.0, 2.0, 3.0)


@pytest.mark.parametrize(
    ("arguments", "reading"),
    [
        (["--delimiter", ";", "--decimal", ","], {"delimiter": ";", "decimal": ","}),
        (["--delimiter", "Tab", "--decimal", "point"], {"delimiter": "\t", "decimal": "."}),
        (["--encoding", "UTF8", "--header", "no"], {"encoding": "utf-8", "has_header": False}),
        (["--hidden-rows", "yes"], {"hidden_rows": True}),
        (["--hidden-columns", "no"], {"hidden_columns": False}),
        (["--sums", "no"], {"sums": False}),
        (["--missing", "-999,n/a"], {"missing": ("-999", "n/a")}),
        (["--sheet", "Year 2", "--header", "yes"], {"sheet": "Year 2", "has_header": True}),
    ],
)
def test_how_a_table_is_written_can_be_told(
    arguments: list[str], reading: dict[str, object]
) -> None:
    table = parse_options(["cars.csv", *arguments]).table
    assert table is not None
    assert table.reading == reading


def test_settings_are_proposed_for_a_table_unless_they_are_given() -> None:
    options = parse_options(["cars.csv", "--epochs", "7", "--seed", "2"])
    assert options.given == {"epochs", "seed"}
    lesson = parse_options(["cars.csv", "--settings", "lesson"])
    assert lesson.given >= {"epochs", "learning_rate", "batch_size", "standardize"}


def test_a_table_can_be_named_alone() -> None:
    assert parse_options(["cars.csv"]).table == TableRequest(Path("cars.csv"), (), "")
    assert parse_options([]).table is None


def test_a_start_is_typed_as_weights_then_bias() -> None:
    config = parse_options(["--init", "-1,2,0.5"]).config
    assert (config.init, config.start_weights, config.start_bias) == (Init.TYPED, (-1.0, 2.0), 0.5)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("--learning-rate nan", "--learning-rate: “nan” is not a number"),
        ("--learning-rate -1", "cannot be −1; choose more than 0, up to 1,000"),
        ("--learning-rate 1e999", "too large"),
        ("--examples 0", "1 to 1,000,000"),
        ("--examples 1.5", "not a whole number"),
        ("--weights 1,2,3,4,5,6,7,8,9,10,11", "1 to 10 weights"),
        ("--weights ,", "is not a number"),
        ("--init 1,2", "Give 3 numbers"),
        ("--init maybe", "normal, zeros, or numbers"),
        ("--engine steam", "Engine can be autograd"),
        ("--epochs", "--epochs needs a value; see --help."),
        ("--features a", "--features is about a table: give the table with --csv"),
        ("--target a", "--target is about a table"),
        ("--sheet a", "--sheet is about a table"),
        (
            "--csv a.csv --delimiter tabs",
            "--delimiter can be comma, semicolon, tab, space or fixed",
        ),
        ("--csv a.csv --decimal x", "--decimal can be point or comma"),
        ("--csv a.csv --header maybe", "--header can be yes or no"),
        ("--csv a.csv --encoding utf-88", "there is no encoding “utf-88”"),
        ("--csv a.csv --encoding hex", "there is no encoding “hex”"),
        ("--csv a.csv --settings best", "--settings can be proposed or lesson."),
        ("--csv a.csv --settings=", "--settings can be proposed or lesson."),
        ("--language=", "--language can be en,"),
        ("--language xy", "--language can be en, de, es, fr, pt_BR, uk, ja or zh_CN."),
        ("--export trajectory", "--export needs a KIND and a FILE; see --help."),
        ("--self-test=1", "--self-test takes no value; see --help."),
        ("--help=1", "--help takes no value; see --help."),
        ("--epochs 100001", "cannot be 100001; choose 1 to 100,000"),
        ("--csv a.csv b.csv", "Name one table"),
        ("--csv= ", "The name of the table is empty"),
        ("--csv a.csv --init 1,2", "a start in numbers needs --features"),
        ("--csv a.csv --noise 1", "--noise is for drawn examples"),
        ("--csv a.csv --features a,b --init 1,2", "Give 3 numbers"),
        ("--test-share 1", "cannot be 1; choose 0 to 0.9"),
        ("--test-share -0.1", "cannot be −0.1"),
        ("--csv missing.csv", "There is no file “missing.csv”"),
        ("missing.csv", "There is no file “missing.csv”"),
        ("--frobnicate", "--frobnicate is not understood; see --help."),
        ("--learn 3", "--learn is not understood; see --help."),
        ("a.csv --noise 1 b.csv", "b.csv is not understood; see --help."),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    arguments: str,
    complaint: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The log would stay open for all later tests of this process.
    monkeypatch.setattr("linreg_gui.application.open_error_log", lambda: None)
    folder = tmp_path / "out"
    assert main(["--batch", str(folder), *arguments.split()]) == 2
    out, err = capfd.readouterr()
    assert complaint in err
    assert err.count("\n") == 1
    assert not out
    assert not folder.exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("--epochs", "--epochs braucht einen Wert; siehe --help."),
        ("--epochs 0", "--epochs: Epochen kann nicht 0 sein; wähle 1 bis 100 000."),
        ("--frobnicate", "--frobnicate wird nicht verstanden; siehe --help."),
        ("--batch out --epochs", "--epochs needs a value; see --help."),
        ("--batch out --epochs 0", "--epochs: Epochs cannot be 0; choose 1 to 100,000."),
        ("--batch= --frobnicate", "--frobnicate is not understood; see --help."),
    ],
)
def test_what_is_wrong_is_said_in_one_language_and_of_a_batch_run_in_english(
    arguments: str, complaint: str, capfd: pytest.CaptureFixture[str]
) -> None:
    try:
        assert main(["--language", "de", *arguments.split()]) == 2
    finally:
        speak(ENGLISH)
    assert capfd.readouterr().err == f"linreg-gui: {complaint}\n"


@pytest.mark.parametrize("arguments", [["--lesson", "nix"], ["nix.linreg-lesson"]])
def test_a_lesson_that_is_not_there_is_said_before_a_window_opens(
    arguments: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linreg_gui.application.open_error_log", lambda: None)
    assert main(arguments) == 2
    said = (
        f"linreg-gui: There is no lesson “{arguments[-1]}”; give a file, or one of first-contact, "
    )
    assert capfd.readouterr().err.startswith(said)


def test_the_end_of_a_line_is_no_delimiter() -> None:
    with pytest.raises(OptionError, match="--delimiter can be comma, "):
        parse_options(["--csv", "a.csv", "--delimiter", "\n"])


HOSTILE = ("--", "a" * 3000, "1" + ",000" * 200, "9" * 5000, "1\n2", "\x1b[31m3", "\u202e5", "\0")


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_of_any_option_breaks_the_complaint(
    value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linreg_gui.application.open_error_log", lambda: None)
    with pytest.raises(SystemExit):
        main(["--help"])
    options = re.findall(r"^  --([\w-]+)", capsys.readouterr().out, re.MULTILINE)
    assert len(options) > 20
    for option in (*options, f"nothing-like-{value}"):
        arguments = [f"--{option}={value}"]
        try:
            parse_options(arguments)
        except OptionError:
            assert main(arguments) == 2
            complaint = capsys.readouterr().err
            assert complaint[:-1].isprintable()
            assert len(complaint) < 200


def test_an_empty_folder_name_is_bad_input(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--batch", ""]) == 2
    assert "name of a folder" in capfd.readouterr().err


def test_bad_options_carry_a_sentence() -> None:
    with pytest.raises(OptionError, match="Seed"):
        parse_options(["--seed", "-3"])


def test_version_and_help_need_no_qt(capfd: pytest.CaptureFixture[str]) -> None:
    for argument, expected in (("--version", __version__), ("--help", "--learning-rate")):
        with pytest.raises(SystemExit) as stop:
            main([argument])
        assert stop.value.code == 0
        assert expected in capfd.readouterr().out


def test_help_shows_defaults_as_they_are_typed_in_every_language(
    capfd: pytest.CaptureFixture[str],
) -> None:
    try:
        with pytest.raises(SystemExit):
            main(["--help", "--language", "de"])
    finally:
        speak(ENGLISH)
    said = " ".join(capfd.readouterr().out.split())
    assert said.startswith("Aufruf")
    assert "[2,-3.4]" in said
    assert "[0.001]" in said
    assert "[10000]" in said


def test_the_number_of_a_stop_rule_needs_its_rule() -> None:
    config = parse_options(["--stop-rule", "gradient", "--stop-gradient", "1e-3"]).config
    assert (config.stop_rule, config.stop_gradient) == (StopRule.GRADIENT, 1e-3)
    for given in ([], ["--stop-rule", "gradient"]):
        with pytest.raises(OptionError, match="--stop-percent needs --stop-rule loss"):
            parse_options([*given, "--stop-percent", "2"])


def test_the_self_test_stands_alone() -> None:
    assert parse_options(["--self-test"]).self_test
    assert not parse_options(["--batch", "out"]).self_test
    with pytest.raises(OptionError, match="takes no other options"):
        parse_options(["--self-test", "--seed", "3"])


def test_new_examples_and_their_predictions_need_each_other() -> None:
    batch, export = ["--batch", "out"], ["--export", "new-predictions", "p.csv"]
    options = parse_options([*batch, *export, "--new-examples", "new.csv"])
    assert options.new_examples == Path("new.csv")
    with pytest.raises(OptionError, match="needs --new-examples TABLE"):
        parse_options([*batch, *export])
    with pytest.raises(OptionError, match="needs --export new-predictions"):
        parse_options([*batch, "--new-examples", "new.csv"])


def test_a_session_is_opened_by_an_option_or_by_its_name(tmp_path: Path) -> None:
    for arguments in (["--open", "a.linreg"], ["a.linreg"]):
        options = parse_options(arguments)
        assert options.session == Path("a.linreg")
        assert options.table is None
    assert parse_options(["--batch", "out", "--open", "b.zip"]).session == Path("b.zip")
    assert parse_options(["first.linreg-lesson"]).lesson == "first.linreg-lesson"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--open", " "], "--open needs the name of a session"),
        (["--open", "a.linreg", "b.csv"], "Open one of these"),
        (["--open", "a.linreg", "--csv", "b.csv"], "Open one of these"),
        (["--open", "a.linreg", "--lesson", "why-scale"], "Open one of these"),
        (["a.linreg", "--epochs", "3"], "--epochs cannot change a session"),
        (["--batch", "out", "a.linreg-lesson"], "leave out --batch"),
    ],
)
def test_a_session_comes_alone(arguments: list[str], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        parse_options(arguments)
