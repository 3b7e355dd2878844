"""derelay create: a relay on the chain, its first head in the folder, an invitation that opens it."""

import json

import pytest
from safetensors.torch import save_file

from cli.verbs.scene import URL, keystore
from derelay.baton.baton import Baton
from derelay.baton.sealing import open_sealed
from derelay.baton.tensors import layout_of
from derelay.chain.sender import contract_address
from derelay.chain.wallet import Wallet
from derelay.cli.member import open_member
from derelay.cli.settings import Settings
from derelay.learn.loading import load_task
from derelay.node.journal import Journal
from derelay.rules.parameters import OPEN, TRUSTED
from derelay.store.directory import DirectoryStore

OTHER = "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23"


@pytest.fixture
def create(derelay, scene, tmp_path):
    def run(*arguments, task="digits"):
        common = ["--chain", URL, "--wallet", scene.wallet, "--folder", tmp_path / "nodes"]
        return derelay("create", task, *common, *arguments)

    return run


@pytest.fixture
def member_of(scene, tmp_path):
    def open_it(done):
        assert done.returncode == 0, done.stderr
        invitation = json.loads(done.stdout)["invitation"]
        folder = tmp_path / "nodes"
        return open_member(Settings(chain=URL, invitation=invitation, wallet=scene.wallet, folder=folder))

    return open_it


def test_a_relay_is_created_and_its_creator_can_serve_the_first_head(create, member_of, scene):
    before = scene.chain.balance(scene.creator.address)
    done = create("--json", "--holder", "http://h.test:4100")
    member, told = member_of(done), json.loads(done.stdout)
    view = member.relay.view()
    assert (view.head.id.hex(), view.head.version) == (told["genesis"], 0)
    assert view.owners == (scene.creator.address,)
    assert member.relay.parameters == OPEN
    assert member.invitation.holders == ("http://h.test:4100",)
    assert told["cost"] == before - scene.chain.balance(scene.creator.address) > 0
    key, content = Journal(member.home.journal).key(view.head.id)
    layout = layout_of(load_task("digits").model().state_dict())
    store = DirectoryStore(member.home.blocks)
    assert open_sealed(store, content, key, expect_id=view.head.id, template=layout).id == view.head.id
    assert (member.home.path / "invitation").read_text().strip() == told["invitation"]


def test_people_are_told_what_to_do_next_and_what_to_fear(create):
    said = create().stdout
    assert "derelay join INVITATION" in said
    assert "if 30% of many maintainers collude, they decide 47% of verdicts and 7% of votes" in said


def test_terms_are_set_by_name(create, member_of):
    windows = ",".join(["2"] * 8)
    done = create(
        *("--param", "price=5", "--param", f"window_seconds={windows}", "--param", "bond=7"),
        *("--param", "maintainer_bond=8", "--param", "symbol=MINE", "--param", "decay=500000000000000000"),
        "--json",
    )
    relay = member_of(done).relay
    assert (relay.parameters.price, relay.parameters.window_seconds) == (5, (2,) * 8)
    assert (relay.bond, relay.maintainer_bond) == (7, 8)
    assert relay.coin.read("symbol") == "MINE"
    assert relay.accounts.read("DECAY") == 5 * 10**17


def test_a_trusted_relay_has_a_committee_and_no_bonds(create, member_of):
    done = create("--preset", "trusted", "--committee", OTHER.lower(), "--json")
    relay = member_of(done).relay
    assert relay.parameters == TRUSTED
    assert (relay.bond, relay.maintainer_bond) == (0, 0)
    assert relay.registry.read("TRUSTED")
    assert relay.registry.read("trusted", OTHER)


def test_a_relay_can_begin_with_the_weights_of_a_file(create, member_of, tmp_path):
    old = Baton.load(_trained(tmp_path))
    done = create("--from", tmp_path / "head.safetensors", "--json")
    head = member_of(done).relay.view().head
    assert (head.version, head.id == old.id) == (0, False)
    assert json.loads(done.stdout)["genesis"] == head.id.hex()


def test_a_relay_can_begin_with_tensors_that_other_programs_wrote(create, member_of, scene, tmp_path):
    state = {name: tensor + 0.5 for name, tensor in load_task("digits").model().state_dict().items()}
    save_file(state, tmp_path / "plain.safetensors")
    done = create("--from", tmp_path / "plain.safetensors", "--json")
    expected = Baton.build(state, task="digits", task_hash=scene.invitation.task_hash, parents=[], version=0)
    assert member_of(done).relay.genesis == expected.id
    save_file({"weight": state["0.bias"]}, tmp_path / "other.safetensors")
    (tmp_path / "folder").mkdir()
    for arguments, reason in (
        (["other.safetensors"], "another model than this task's: tensor '0.bias' is missing"),
        (["folder"], "folder is a folder, and task 'digits' no transformers model: name a file"),
        (["plain.safetensors", "--origin", str(scene.invitation)], "says of no baton that it is one"),
    ):
        refused = create("--from", tmp_path / arguments[0], *arguments[1:])
        assert refused.returncode == 2
        assert reason in refused.stderr


def test_a_successor_goes_on_counting_and_proves_where_it_comes_from(create, member_of, scene, tmp_path):
    task = load_task("digits")
    genesis = Baton.build(
        task.model().state_dict(), task="digits", task_hash=scene.invitation.task_hash, parents=[], version=0
    )
    genesis.save(tmp_path / "head.safetensors")
    from_head = ("--from", tmp_path / "head.safetensors", "--origin", str(scene.invitation))
    relay = member_of(create(*from_head, "--json")).relay
    assert relay.origin.rounds == scene.invitation.rounds
    assert relay.genesis == genesis.id
    _trained(tmp_path)
    refused = create(*from_head)
    assert refused.returncode == 2
    assert "has no head of version 3" in refused.stderr


def test_a_devnet_begun_anew_is_told_from_the_old_one(create, scene, tmp_path):
    rounds = contract_address(scene.creator.address, scene.chain.nonce(scene.creator.address) + 3)
    old = tmp_path / "nodes" / rounds / scene.creator.address
    old.mkdir(parents=True)
    (old / "created-in").write_text("00" * 32)
    height = scene.chain.height()
    done = create()
    assert done.returncode == 2
    assert "of a devnet that was begun anew since: remove it, or give another --folder" in done.stderr
    assert scene.chain.height() == height


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--preset", "paper"], "no preset 'paper': choose from open, trusted"),
        (["--preset", "trusted"], "a trusted relay needs a committee"),
        (["--committee", "bob"], "--committee 'bob' is no address"),
        (["--param", "prize=1"], "no parameter 'prize': choose from price, versions_cap"),
        (["--param", "price"], "price='': give a whole number"),
        (["--param", "price=-1"], "price='-1': give a whole number"),
        (["--param", "seats=40"], "need 1 <= min_seats <= seats <= 32"),
        (["--param", "window_seconds=1,2"], "window_seconds=1,2: give 8 numbers with commas between them"),
        (["--param", "bond=99999999999999999999"], "must be at least bond"),
        (["--param", "decay=1"], "decay must be 0.1 to 1"),
        (["--param", "symbol=TOO-LONG-A-ONE"], "give 1 to 8 printable ASCII characters"),
        (["--param", "leave_delay=99999999999"], "leave_delay must be at most"),
        (["--origin", "derelay1abc"], "--origin needs a head of that relay: name its file by --from"),
        (["--from", "gone.safetensors"], "no such file; name a .safetensors file"),
        (["--holder", "http://" + "h" * 200], "address of a holder"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_sent(create, scene, tmp_path, arguments, reason):
    height = scene.chain.height()
    done = create(*arguments)
    assert done.returncode == 2
    assert reason in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert scene.chain.height() == height
    assert not (tmp_path / "nodes").exists()


def test_who_has_no_money_is_told(derelay, scene, tmp_path):
    poor = Wallet((8).to_bytes(32))
    wallet = keystore(tmp_path / "poor.json", poor)
    done = derelay("create", "digits", "--chain", URL, "--wallet", wallet, "--folder", tmp_path / "nodes")
    assert done.returncode == 2
    assert (
        f"{poor.address} holds 0, but the limits of gas of the 4 contracts come to 0.0113 now" in done.stderr
    )
    assert not (tmp_path / "nodes").exists()


def _trained(folder):
    task = load_task("digits")
    state = {name: tensor + 0.5 for name, tensor in task.model().state_dict().items()}
    baton = Baton.build(state, task="digits", task_hash=bytes(32), parents=[bytes(32)], version=3)
    baton.save(folder / "head.safetensors")
    return folder / "head.safetensors"
