"""pull: a baton out of a relay, from here or from its holders; keys rotate: old grants still open."""

import json
import shutil

import pytest
from nacl.public import PrivateKey
from safetensors import safe_open

from derelay.baton.baton import Baton
from derelay.chain.sender import Sender
from derelay.node.journal import Journal
from derelay.store.gateway import Gateway


@pytest.fixture
def act(ask, played):
    def run(verb, person, *arguments):
        return ask(verb, person, "--folder", played.folder, *arguments)

    return run


@pytest.fixture
def reader(played):
    """Return somebody who was granted the head, and did not make it."""
    history, head = played.relay.history, played.relay.view().head.id
    return next(
        p
        for p in played.people
        if p.address in history.readers(head) and p.address not in history.makers(head)
    )


def home(played, person):
    return played.folder / played.relay.rounds.address / person.address


@pytest.mark.parametrize("name", ["latest", "1", "v1", "id"])
def test_a_head_is_pulled_by_what_people_call_it(act, played, tmp_path, name):
    head = played.relay.view().head
    person = next(p for p in played.people if p.key(head.id))  # sealed it, as a tester
    name = head.id.hex()[:8] if name == "id" else name
    done = act(f"pull {name}", person, "-o", "head.safetensors", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"file": "head.safetensors", "id": head.id.hex(), "version": 1}
    assert Baton.load(tmp_path / "head.safetensors").id == head.id


def test_where_a_model_comes_from_stays_with_its_file(act, played, tmp_path):
    relay, head = played.relay, played.relay.view().head
    person = next(p for p in played.people if p.key(head.id))
    done = act("pull latest", person, "-o", "head.safetensors", "--license", "CC-BY-4.0")
    assert done.returncode == 0, done.stderr
    with safe_open(tmp_path / "head.safetensors", framework="pt") as file:
        said = file.metadata()
    assert said["derelay.relay"] == f"eip155:{played.invitation.chain_id}:{relay.rounds.address}"
    assert said["derelay.lineage"] == f"{relay.genesis.hex()} {head.id.hex()}"
    assert (said["derelay.version"], said["derelay.id"]) == ("1", head.id.hex())
    assert (said["derelay.task"], said["license"]) == ("digits", "CC-BY-4.0")
    refused = act("pull latest", person, "-o", "head", "--format", "hf")
    assert "of a transformers model: name its task by --task" in refused.stderr
    assert "choose from safetensors, hf" in act("pull latest", person, "-o", "h", "--format", "pt").stderr


def test_what_is_not_here_is_fetched_from_a_holder(act, played, tmp_path, reader):
    relay, head = played.relay, played.relay.view().head
    blocks = home(played, reader) / "blocks"
    shutil.move(blocks, tmp_path / "away")
    missing = act("pull latest", reader, "-o", "head.safetensors", "--private-addresses")
    assert missing.returncode == 2
    assert "cannot be had now: try again when more of its holders are there" in missing.stderr
    granter = next(
        p for p in played.people if p.address == relay.history.grants(head.id, reader.address)[0].granter
    )
    with Gateway(granter.store) as gateway:
        move = relay.registry.encode("move", gateway.url)
        Sender(played.chain, granter.wallet).send(relay.registry.address, move, gas=10**5)
        done = act("pull latest", reader, "-o", "head.safetensors", "--private-addresses")
    assert done.returncode == 0, done.stderr
    assert Baton.load(tmp_path / "head.safetensors").id == head.id


def test_what_no_holder_serves_is_fetched_from_a_gateway(act, played, tmp_path, reader):
    relay, head = played.relay, played.relay.view().head
    blocks = home(played, reader) / "blocks"
    if blocks.exists():
        shutil.move(blocks, tmp_path / "away")
    grant = relay.history.grants(head.id, reader.address)[0]
    granter = next(p for p in played.people if p.address == grant.granter)
    with Gateway(granter.store) as gateway:
        done = act("pull latest", reader, "-o", "head.safetensors", "--gateway", gateway.url)
    assert done.returncode == 0, done.stderr
    assert Baton.load(tmp_path / "head.safetensors").id == head.id
    refused = act("pull latest", reader, "-o", "again.safetensors", "--gateway", "ipfs://here")
    assert "gateway: address 'ipfs://here': nothing is fetched there" in refused.stderr


def test_only_what_one_may_open_is_pulled(act, played):
    relay = played.relay
    children = [event.values["id"] for event in relay.history.named("HandedIn")]
    person, child = next(
        (p, child) for p in played.people for child in children if not relay.holds(child, p.address)
    )
    done = act(f"pull {child.hex()}", person, "-o", "child.safetensors")
    assert done.returncode == 2
    assert "that this wallet may open: see derelay batons" in done.stderr
    assert act("pull 99", person, "-o", "head.safetensors").returncode == 2


def test_keys_that_are_elsewhere_are_asked_for(ask, played, tmp_path):
    done = ask("pull latest", played.people[1], "-o", "head.safetensors", "--folder", tmp_path / "other")
    assert done.returncode == 2
    assert "keys are in its journal, name its folder by --folder" in done.stderr


def test_a_file_is_never_written_over(act, played, tmp_path):
    (tmp_path / "head.safetensors").write_text("mine")
    assert "is there already" in act("pull latest", played.people[1], "-o", "head.safetensors").stderr
    assert "does not end in .safetensors" in act("pull latest", played.people[1], "-o", "head.pt").stderr
    assert (tmp_path / "head.safetensors").read_text() == "mine"


def test_a_rotated_key_is_registered_and_old_grants_still_open(act, played, tmp_path, reader):
    relay = played.relay
    before = relay.member(reader.address).key
    told = json.loads(act("keys rotate", reader, "--json").stdout)
    assert relay.member(reader.address).key.hex() == told["key"] != before.hex()
    assert told["kept"] == 1
    private = Journal(home(played, reader) / "journal.sqlite").encryption_keys()
    assert [bytes(PrivateKey(key).public_key) for key in private] == [bytes.fromhex(told["key"]), before]
    done = act("pull latest", reader, "-o", "head.safetensors")
    assert done.returncode == 0, done.stderr
