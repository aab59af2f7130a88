import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from linreg_gui import plots
from linreg_gui.look.palette import DARK, LIGHT
from linreg_gui.look.theme import Mode
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.widgets.exports.drawing import image_of, svg_of
from linreg_gui.widgets.exports.exporter import write_at_once, writing_export
from linreg_gui.widgets.exports.kinds import export_of
from linreg_gui.widgets.exports.pictures import PictureWish
from linreg_gui.widgets.exports.sheets import picture_sheet
from linreg_gui.widgets.window.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("shared_window", "painted")

SVG = "{http://www.w3.org/2000/svg}"
SIZE = QSize(800, 500)


def named(window: MainWindow, name: str) -> RunPlot:
    return next(each for each in window.pictures if each.name == name)


def texts_of(svg: bytes) -> list[str]:
    return [each.text or "" for each in ET.fromstring(svg).iter(f"{SVG}text")]


def picture_svg(picture: RunPlot) -> bytes:
    with closing(picture_sheet(picture, SIZE).filled()) as sheet:
        return svg_of(sheet.draw, SIZE, SIZE, sheet.title)


def picture_image(picture: RunPlot) -> QImage:
    with closing(picture_sheet(picture, SIZE).filled()) as sheet:
        return image_of(sheet.draw, SIZE, SIZE * 2)


def ink(image: QImage, color: str) -> npt.NDArray[np.bool_]:
    """Return where ``image`` has nearly this color."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    wanted = [int(color[at : at + 2], 16) for at in (5, 3, 1)]
    near: npt.NDArray[np.bool_] = np.abs(pixels[:, :, :3].astype(int) - wanted).max(axis=2) < 40
    return near


def image_in(content: bytes) -> QImage:
    return QImage.fromData(QByteArray(content))


def rendered(svg: bytes, size: QSize) -> QImage:
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    renderer = QSvgRenderer(QByteArray(svg))
    assert renderer.isValid()
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image


def written(window: MainWindow, name: str, file: Path, wish: PictureWish | None = None) -> bytes:
    for _ in writing_export(export_of(name), window, file, wish):
        pass
    return file.read_bytes()


def test_each_picture_is_lines_and_letters_in_an_svg(trained: MainWindow) -> None:
    assert [picture.name for picture in trained.pictures] == list(plots.NAMES)
    for picture in trained.pictures:
        svg = picture_svg(picture)
        root = ET.fromstring(svg)
        assert (root.get("width"), root.get("height")) == ("800", "500")
        assert root.findtext(f"{SVG}title") == picture.title
        assert not list(root.iter(f"{SVG}image")), "nothing is an image"
        assert len(list(root.iter(f"{SVG}path"))) > 3
        texts = texts_of(svg)
        assert texts[0] == picture.title
        assert any("Learning rate 0.001 · Batch size 4" in text for text in texts)
        assert any("Step 5,000 of 5,000" in text for text in texts)


def test_an_svg_has_the_same_marks_as_an_image(trained: MainWindow) -> None:
    picture = named(trained, "parameters")
    drawn = rendered(picture_svg(picture), SIZE * 2)
    image = picture_image(picture)
    assert image.size() == SIZE * 2
    for stroke in LIGHT.parameters[:2]:
        one, other = ink(drawn, stroke.color), ink(image, stroke.color)
        both = np.count_nonzero(one & other) / max(1, np.count_nonzero(one | other))
        assert both > 0.6, stroke.color


def test_each_example_is_a_shape_of_its_own(trained: MainWindow) -> None:
    picture = trained.picture(DataPlot)
    picture.show_view("raw")
    svg = picture_svg(picture).decode()
    assert svg.count("<path") > 2 * len(picture.examples.x), "examples and predictions"


def test_what_is_hidden_on_screen_is_hidden_in_the_file(trained: MainWindow) -> None:
    picture = trained.picture(LossPlot)

    def batch_ink() -> int:
        return int(ink(picture_image(picture), LIGHT.batch_loss.color).sum())

    before = batch_ink()
    assert "each batch" in texts_of(picture_svg(picture))
    picture.entry_of(picture.batch).setChecked(False)
    texts = texts_of(picture_svg(picture))
    assert "each batch" not in texts
    assert "moving average" in texts
    assert batch_ink() < before / 10


def test_the_file_shows_the_range_that_a_person_chose(trained: MainWindow) -> None:
    for picture in trained.pictures:
        trained.stage.show_picture(picture)
        picture.canvas.zoom(0.4)
        wanted = picture.canvas.x_range, picture.canvas.y_range
        with closing(picture_sheet(picture, SIZE).filled()) as sheet:
            copy = sheet.figures[0].copy
            shown = copy.canvas.x_range, copy.canvas.y_range
        if picture.name == "landscape":  # both axes have one scale, in another shape
            assert np.allclose(np.mean(shown, axis=1), np.mean(wanted, axis=1))
        else:
            assert np.allclose(shown, wanted)


def test_views_and_axes_are_those_on_screen(trained: MainWindow) -> None:
    data, loss = trained.picture(DataPlot), trained.picture(LossPlot)
    data.show_view("predicted")
    loss.set_logarithmic(logarithmic=False)
    loss.more.setChecked(True)
    assert "perfect prediction" in texts_of(picture_svg(data))
    texts = texts_of(picture_svg(loss))
    assert "bias-corrected" in texts
    assert "10⁻⁴" not in texts


def test_the_step_on_show_is_in_the_file(trained: MainWindow, qtbot: object) -> None:
    trained.session.playhead.go_to(1000)
    trained.refresher.refresh_all()
    picture = trained.picture(ParametersPlot)
    before = picture.canvas.size()
    assert any("Step 1,000 of 5,000" in text for text in texts_of(picture_svg(picture)))
    assert picture.shown_step == 1000
    assert picture.canvas.size() == before, "nothing on screen has changed"


def test_kept_runs_are_drawn_and_named(
    trained: MainWindow, wait_for: Callable[[Callable[[], bool]], None]
) -> None:
    runs = trained.session.kept_runs
    runs.set_shown(runs.runs[0], shown=True)
    controller = trained.controller
    controller.change_setting("learning_rate", 0.002)
    controller.reset()
    controller.start()
    wait_for(lambda: bool(trained.refresher.overlays) and len(runs.runs) == 2)
    trained.refresher.refresh_all()
    title = next(iter(trained.refresher.overlays.values())).name
    for kind in (LossPlot, ParametersPlot, LandscapePlot):
        assert title in texts_of(picture_svg(trained.picture(kind)))


def test_files_are_light_while_the_window_is_dark_unless_they_should_not_be(
    trained: MainWindow, tmp_path: Path
) -> None:
    trained.session.theme.set_mode(Mode.DARK)
    small = PictureWish(800, 500, 1.0)
    light = image_in(written(trained, "loss", tmp_path / "a.png", small))
    assert light.pixelColor(2, 2).name() == LIGHT.surface
    assert light.size().toTuple() == (800, 500)
    dark = image_in(
        written(trained, "loss", tmp_path / "b.png", PictureWish(800, 500, 1.0, 16, True))
    )
    assert dark.pixelColor(2, 2).name() == DARK.surface
    assert ink(dark, DARK.moving_loss.color).sum() > 500
    window = image_in(written(trained, "window", tmp_path / "window.png"))
    assert window.size() == trained.size() * 2
    assert window.pixelColor(2, 2).name() == LIGHT.window
    assert trained.session.theme.palette.dark
    assert trained.grab().toImage().pixelColor(2, 2).name() == DARK.window
    trained.session.theme.set_mode(Mode.LIGHT)


def test_a_pdf_has_one_page_of_the_asked_width(trained: MainWindow, tmp_path: Path) -> None:
    pdf = written(trained, "landscape", tmp_path / "a.pdf", PictureWish(centimeters=12.7))
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") == 1
    box = pdf.split(b"/MediaBox [")[1].split(b"]")[0].split()
    assert [float(each) for each in box] == pytest.approx([0, 0, 360, 225], abs=0.5)
    assert b"/Subtype /Image" not in pdf
    assert b"/Font" in pdf


def test_a_page_of_all_pictures_is_written(trained: MainWindow, tmp_path: Path) -> None:
    trained.stage.show_grid(wanted=True)
    texts = texts_of(written(trained, "stage", tmp_path / "a.svg"))
    assert {picture.title for picture in trained.pictures} <= set(texts)
    assert sum("Step 5,000" in text for text in texts) == 1
    image = image_in(written(trained, "stage", tmp_path / "a.png"))
    assert image.size().toTuple() == (2400, 1600)
    assert written(trained, "stage", tmp_path / "a.pdf").count(b"/Type /Page\n") == 1


def test_the_window_is_letters_too(trained: MainWindow, tmp_path: Path) -> None:
    svg = written(trained, "window", tmp_path / "a.svg")
    texts = texts_of(svg)
    assert "Loss" in texts
    faces = re.findall(r'@font-face{font-family:"([^"]+)";font-weight:(\d+)', svg.decode())
    assert faces == [("LinReg Sans", "400"), ("LinReg Sans", "600")], "it has its own letters"
    assert "4,000" in texts, "a number at an axis"
    assert written(trained, "window", tmp_path / "a.pdf").count(b"/Type /Page\n") == 1


def test_nothing_in_the_window_is_cut_at_the_wrong_place(
    trained: MainWindow, tmp_path: Path
) -> None:
    """Qt cuts what is in a widget as if the widget were in the corner of the window."""
    root = ET.fromstring(written(trained, "window", tmp_path / "a.svg"))
    inner = list(root.iter(f"{SVG}svg"))[1:]
    assert len(inner) > 30
    assert len([each for each in root.iter(f"{SVG}title") if each.text]) == 1, "each is a tip"
    places = {(each.get("x"), each.get("y"), each.get("width")) for each in inner}
    canvas = trained.stage.current.canvas
    assert (str(canvas.x()), str(canvas.y()), str(canvas.width())) in places
    for each in inner:
        for path in each.findall(f"{SVG}defs/{SVG}clipPath/{SVG}path"):
            x, y = (float(number) for number in path.get("d", "")[1:].split(" ")[0].split(","))
            assert -20 <= x <= float(each.get("width", "0")), path.get("d")
            assert -20 <= y <= float(each.get("height", "0")), path.get("d")


def test_contours_are_lines_of_their_own(trained: MainWindow) -> None:
    """Some viewers draw no line around an area that one can see through."""
    root = ET.fromstring(picture_svg(named(trained, "landscape")))
    both = [
        each
        for each in root.iter(f"{SVG}g")
        if float(each.get("fill-opacity", "1")) < 1 and each.get("stroke", "none") != "none"
    ]
    assert both == []
    contours = [each for each in root.iter(f"{SVG}g") if each.get("stroke") == LIGHT.contour]
    assert len(contours) > 4


def test_a_picture_that_is_named_need_not_be_on_the_stage(
    trained: MainWindow, tmp_path: Path
) -> None:
    write_at_once(export_of("residuals"), trained, tmp_path / "a.svg")
    assert "Residuals" in texts_of((tmp_path / "a.svg").read_bytes())


def test_foreign_names_are_letters_in_a_file(window: MainWindow) -> None:
    picture = window.picture(DataPlot)
    picture.rename(picture.fit, '<b>&amp;"')
    ET.fromstring(picture_svg(picture))
