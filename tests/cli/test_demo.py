"""One short run of the real thing, and what can be done with what it leaves."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from derelay.baton.baton import Baton
from derelay.local.report.folder import ReportFolder
from derelay.local.result import Result


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    place = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "derelay", "demo", "--participants", "6", "--rounds", "2"]
    command += ["--dishonest", "taker", "--seed", "3", "--report", "out/report", "--json", "-"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return place, done


def test_standard_output_is_the_result_alone(finished):
    place, done = finished
    values = json.loads(done.stdout)
    result = Result.from_json(values)
    assert [each.number for each in result.rounds] == [1, 2]
    assert [person.strategy for person in result.participants] == ["honest"] * 5 + ["taker"]
    assert result.chain.transactions == sum(use.count for use in result.chain.gas_by_call.values())
    assert (place / values["head"]["file"]).is_file()


def test_progress_is_told_window_by_window_on_a_pipe(finished):
    _, done = finished
    for word in ("round 1 of 2", "enter", "train", "judge", "settle", "people", "out/report/index.html"):
        assert word in done.stderr
    assert "\x1b" not in done.stderr


def test_the_report_holds_every_head_and_nothing_else(finished):
    place, done = finished
    folder = ReportFolder(place / "out" / "report")
    result = folder.read()
    assert {path.name for path in folder.path.iterdir()} == {"index.html", "result.json", "heads"}
    assert sorted(f"heads/{path.name}" for path in (folder.path / "heads").iterdir()) == [
        head.file for head in result.heads
    ]
    assert f"{100 * result.head.accuracy:.1f} %" in (folder.path / "index.html").read_text()
    assert list(Path(place / "out").iterdir()) == [folder.path]
    assert json.loads(done.stdout)["heads"] == result.to_json()["heads"]


def test_heads_are_exported_by_version_by_id_and_as_the_latest(finished, derelay, tmp_path):
    place, _ = finished
    report = place / "out" / "report"
    heads = ReportFolder(report).read().heads
    for name, head in (("0", heads[0]), ("v0", heads[0]), (heads[0].id[:8], heads[0]), ("latest", heads[-1])):
        target = tmp_path / f"{name}.safetensors"
        done = derelay("export", name, "-o", target, "--report", report)
        assert done.returncode == 0, done.stderr
        assert Baton.load(target).id.hex() == head.id


def test_an_export_says_what_is_wrong(finished, derelay, tmp_path):
    place, _ = finished
    report = place / "out" / "report"
    done = derelay("export", "99", "-o", "head.safetensors", "--report", report)
    assert done.returncode == 2
    assert "no head '99' in this report: give a version from 0 to" in done.stderr
    (tmp_path / "there.safetensors").write_text("mine")
    done = derelay("export", "latest", "-o", "there.safetensors", "--report", report)
    assert done.returncode == 2
    assert "there.safetensors is there already" in done.stderr
    assert (tmp_path / "there.safetensors").read_text() == "mine"
    done = derelay("export", "latest", "-o", "none/head.safetensors", "--report", report)
    assert done.returncode == 2
    assert "none/head.safetensors: cannot be written" in done.stderr


def test_a_report_without_heads_is_no_crash(finished, derelay, tmp_path):
    place, _ = finished
    (tmp_path / "report").mkdir()
    values = json.loads((place / "out" / "report" / "result.json").read_bytes())
    (tmp_path / "report" / "result.json").write_text(json.dumps(values | {"heads": []}))
    done = derelay("export", "latest", "-o", "head.safetensors")
    assert done.returncode == 2
    assert "this report holds no head" in done.stderr


def test_a_head_with_a_bit_flipped_is_not_exported(finished, derelay, tmp_path):
    place, _ = finished
    report = tmp_path / "report"
    source = ReportFolder(place / "out" / "report")
    (report / "heads").mkdir(parents=True)
    (report / "result.json").write_bytes((source.path / "result.json").read_bytes())
    file = source.read().heads[0].file
    weights = bytearray((source.path / file).read_bytes())
    weights[-1] ^= 1
    (report / file).write_bytes(weights)
    done = derelay("export", "0", "-o", "head.safetensors")
    assert done.returncode == 2
    assert "has another hash than in the manifest" in done.stderr
    assert not (tmp_path / "head.safetensors").exists()
