"""`derelay bench codecs`: a row for each codec, tried on a real child."""

import json

from derelay.baton.codecs import CODECS

FEW = ("bench", "codecs", "digits", "--legs", "1", "--heads", "0")


def test_every_codec_has_its_row(derelay):
    done = derelay(*FEW, "--json")
    assert done.returncode == 0
    rows = {row["codec"]: row for row in json.loads(done.stdout)}
    assert rows.keys() == CODECS.keys()
    sizes = [row["bytes"] for row in rows.values()]
    assert sizes == sorted(sizes)
    assert rows["full"]["error"] == rows["full"]["lost"] == 0
    assert rows["steps-0.5"]["share"] < 0.15
    assert 0 < rows["steps-0.5"]["error"] < rows["steps-2"]["error"] < 1


def test_people_get_a_table(derelay):
    done = derelay(*FEW)
    assert done.returncode == 0
    for words in ("of the model", "gain lost", "at worst", "steps-0.5", "bf16"):
        assert words in done.stdout


def test_what_cannot_be_tried_is_refused(derelay):
    assert "give at least 1 leg" in derelay("bench", "codecs", "digits", "--legs", "0").stderr
    assert "no task" in derelay("bench", "codecs", "juggling").stderr
