from pathlib import Path

import pytest

from derelay.cli.errors import BadInput
from derelay.cli.settings import Settings

WHOLE = """
chain = "http://127.0.0.1:8545,ws://127.0.0.1:8546"
invitation = "derelay1abc"
wallet = "keys/me.json"
password_file = "/run/secrets/password"
task = "digits"
data = "mine.npz"
folder = "~/relays"
listen = "0.0.0.0:4100"
url = "https://example.org"
publish_to = "https://mirror.example.org"
mirror = 5
gateway = "http://127.0.0.1:8080,https://ipfs.test"
private_addresses = true
patience = 60
maintain = true
rounds = 3
log_format = "json"
metrics = 9100
"""


def test_every_setting_can_be_written_down(tmp_path):
    file = tmp_path / "node" / "derelay.toml"
    file.parent.mkdir()
    file.write_text(WHOLE)
    settings = Settings.read(file)
    default = Settings()
    assert all(getattr(settings, name) != value for name, value in vars(default).items())
    assert settings.wallet == file.parent / "keys/me.json"
    assert settings.password_file == Path("/run/secrets/password")
    assert settings.folder == Path.home() / "relays"


def test_flags_override_the_file_and_the_file_the_defaults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Settings.read() == Settings()
    (tmp_path / "derelay.toml").write_text('chain = "http://a"\npatience = 7\nmaintain = true')
    settings = Settings.read(chain="http://b", maintain=None, rounds=2)
    assert (settings.chain, settings.patience, settings.maintain, settings.rounds) == ("http://b", 7, True, 2)
    assert not Settings.read(maintain=False).maintain


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('chian = "http://a"', "there is no setting 'chian'; there are chain, invitation, wallet"),
        ("chain = 8545", "chain is 8545; give a text in quotes"),
        ("wallet = true", "wallet is True; give a path in quotes"),
        ("patience = true", "patience is True; give a whole number"),
        ('maintain = "yes"', "maintain is 'yes'; give true or false"),
        ("patience = 0", "patience 0: give a number from 1 to 86400"),
        ("metrics = 65536", "metrics 65536: give a number from 0 to 65535"),
        ("rounds = 0", "rounds 0: give a number from 1 to"),
        ('log_format = "xml"', "log_format 'xml': choose from text, json"),
        ("[chain]\nurl = 1", "chain is {'url': 1}; give a text in quotes"),
        ("chain = ", "correct the file"),
    ],
)
def test_a_mistake_is_named(tmp_path, text, reason):
    file = tmp_path / "derelay.toml"
    file.write_text(text)
    with pytest.raises(BadInput) as error:
        Settings.read(file)
    assert reason in str(error.value)


def test_a_file_that_is_named_must_be_there(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        Settings.read(tmp_path / "gone.toml")


def test_what_is_missing_is_named():
    with pytest.raises(
        BadInput, match=r"no publish-to is given: name it by --publish-to, or as publish_to = "
    ):
        Settings().need("publish_to")
