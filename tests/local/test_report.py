import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from derelay.local.report.chain import chain_drawing
from derelay.local.report.folder import ReportError, ReportFolder
from derelay.local.report.keys import key_rows
from derelay.local.report.learning import spread
from derelay.local.report.page import page


@pytest.fixture(scope="module")
def html(imagined) -> str:
    return page(imagined)


@pytest.fixture
def heads(tmp_path, imagined):
    folder = tmp_path / "made" / "heads"
    folder.mkdir(parents=True)
    (folder / "v000.safetensors").write_bytes(b"weights")
    return folder


class Page(HTMLParser):
    """Collects what a page would load, the ids in it, and the text of its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            if name in ("src", "href", "xlink:href") and not value.startswith("#"):
                self.loads.append(value)
            if tag in ("script", "link", "iframe"):
                self.loads.append(tag)


def test_the_page_loads_nothing_and_names_nothing_twice(html):
    read = Page()
    read.feed(html)
    assert read.loads == []
    assert not re.search(r"url\((?!#)|@import", html)
    assert len(read.ids) == len(set(read.ids))


def test_the_same_result_gives_the_same_page(imagined, html):
    assert page(imagined) == html


def test_the_page_shows_everybody_and_every_head(imagined, html):
    for person in imagined.participants:
        assert f">{person.name}" in html
        assert f"{person.net.native / imagined.price:.2f}" in html
    for head in imagined.heads[1:]:
        assert head.id[:12] in html
    assert imagined.head.id in html
    for name in imagined.chain.gas_by_call:
        assert f">{name}<" in html


def test_names_that_look_like_html_are_shown_as_they_are(imagined):
    assert "<script>" not in page(replace(imagined, task="<script>alert(1)</script>"))


def test_the_drawing_leads_from_each_pooled_child_to_the_head_it_became(imagined):
    drawing = chain_drawing(imagined)
    assert [step.number for step in drawing.steps] == [each.number for each in imagined.rounds]
    for step, each in zip(drawing.steps, imagined.rounds, strict=True):
        assert step.end.new == (each.candidate is not None)
        assert step.end.version == each.version
        pooled = {child.trainer for child in each.children if child.verdict in ("pass", "undecided")}
        assert {twig.trainer for twig in step.twigs if twig.pooled} == (pooled if step.end.new else set())
        assert all(0 < twig.x < drawing.width and 0 < twig.y < drawing.height for twig in step.twigs)


def test_the_table_of_keys_counts_every_grant(imagined):
    rows = key_rows(imagined)
    seen = {(grant.reader, grant.version) for grant in imagined.grants if grant.kind == "head"}
    assert sum(row.heads for row in rows) == len(seen)
    assert sum(row.children for row in rows) == sum(grant.kind == "child" for grant in imagined.grants)


def test_labels_keep_their_order_their_distance_and_the_figure():
    heights = [0.97, 0.96, 0.955, 0.2]
    moved = spread(heights, 0.07)
    assert sorted(range(4), key=lambda i: moved[i]) == sorted(range(4), key=lambda i: heights[i])
    ordered = sorted(moved)
    assert all(above - below >= 0.07 - 1e-9 for below, above in pairwise(ordered))
    assert ordered[-1] <= 1
    assert moved[3] == 0.2


def test_a_report_is_read_as_it_was_written(tmp_path, imagined, heads):
    folder = ReportFolder(tmp_path / "report")
    folder.prepare()
    folder.write(imagined, heads)
    assert sorted(path.name for path in folder.path.iterdir()) == ["heads", "index.html", "result.json"]
    assert (folder.path / "heads" / "v000.safetensors").read_bytes() == b"weights"
    assert ReportFolder(tmp_path / "report").read() == imagined


def test_a_later_report_takes_the_place_of_an_earlier_one(tmp_path, imagined, heads):
    first = ReportFolder(tmp_path / "report")
    first.prepare()
    first.write(imagined, heads)
    heads.mkdir()
    (heads / "v001.safetensors").touch()
    ReportFolder(first.path).write(imagined, heads)
    assert [path.name for path in (first.path / "heads").iterdir()] == ["v001.safetensors"]


def test_other_peoples_files_are_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ReportError, match="holds other things than a report: name a new"):
        ReportFolder(tmp_path)
    with pytest.raises(ReportError, match="is a file: name a directory"):
        ReportFolder(tmp_path / "notes.txt")


def test_a_place_that_cannot_be_written_is_named_before_the_work(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ReportError, match=r"file/report cannot be written \(Not a directory\)"):
        ReportFolder(tmp_path / "file" / "report").prepare()


def test_a_report_that_is_not_there_or_not_sound_is_named(tmp_path, imagined):
    with pytest.raises(ReportError, match="holds no report"):
        ReportFolder(tmp_path).read()
    (tmp_path / "result.json").write_text('{"derelay": "0.1.0", "heads": []}')
    with pytest.raises(ReportError, match=r"result\.json is not sound: result\.protocol: Field required"):
        ReportFolder(tmp_path).read()
