import json

import pytest

from derelay.local.result import Result, ResultError


def test_json_there_and_back_is_the_same_result(imagined):
    assert Result.from_json(json.loads(json.dumps(imagined.to_json()))) == imagined


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda values: values.pop("heads"), r"result\.heads: Field required"),
        (lambda values: values["rounds"][3].pop("minted"), r"result\.rounds\.3\.minted: Field required"),
        (lambda values: values["head"].update(version="9"), r"result\.head\.version: .*valid integer"),
        (lambda values: values.update(seed=True), r"result\.seed: .*valid integer"),
        (lambda values: values.update(grants=None), r"result\.grants: .*valid"),
    ],
)
def test_json_that_is_no_result_says_where(imagined, change, reason):
    values = imagined.to_json()
    change(values)
    with pytest.raises(ResultError, match=reason):
        Result.from_json(values)


def test_rows_for_a_data_frame_are_flat(imagined):
    rows = imagined.people()
    assert [row["name"] for row in rows] == [person.name for person in imagined.participants]
    assert all(isinstance(value, str | int | float | None) for row in rows for value in row.values())


def test_a_notebook_gets_a_figure_and_a_summary(imagined):
    axes = imagined.plot().axes[0]
    drawn = [list(line.get_ydata()) for line in axes.lines]
    assert [100 * each.accuracy for each in imagined.rounds] in drawn
    assert "<svg" in imagined._repr_html_()
