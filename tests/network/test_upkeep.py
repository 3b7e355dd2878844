"""What a node does besides its duties."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from derelay.chain.relay import Relay
from derelay.node.holdings import blocks_of, contents_of
from derelay.node.service import Service
from derelay.node.upkeep import KEPT_ROUNDS, Sweeper, move
from derelay.rules.phases import Phase
from network.tiny import begin
from small_relay import play


def test_who_serves_elsewhere_than_registered_tells_the_chain(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    me = cast.nodes[1].me
    service = Service(cast.nodes[1], chores=[partial(move, me)])
    service.turn()
    chain.mine()
    me.url = "http://192.0.2.7:4001"
    for _ in range(3):
        service.turn()
        chain.mine()
    assert cast.relay.member(me.address).url == "http://192.0.2.7:4001"


def test_heads_stay_and_children_of_past_rounds_go(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    me = cast.nodes[2].me
    sweeper = Sweeper(me)

    def ended(number: int, relay: Relay) -> bool:
        return relay.view().phase is Phase.REST and relay.view().round.number >= number

    for number in range(1, KEPT_ROUNDS + 2):
        play(chain, cast, partial(ended, number))
        before = me.store.size()
        sweeper(me.look())
    assert me.store.size() < before
    events = cast.relay.history.events
    heads = {event.values["id"] for event in events if event.name == "HeadChanged"}
    here: dict[str, list[int]] = {"head": [], "child": []}
    for event in events:
        if event.name in ("HeadChanged", "HandedIn"):
            id = event.values["id"]
            if any(blocks_of(me, content) for content in contents_of(me, id)):
                here["head" if id in heads else "child"].append(event.values["round"])
    assert 1 in here["head"]
    assert 1 not in here["child"]
    assert KEPT_ROUNDS + 1 in here["child"]


def test_a_root_that_is_none_is_not_kept(tmp_path: Path) -> None:
    _, cast = begin(tmp_path)
    me = cast.nodes[1].me
    cid = me.store.put(b"no root", "dag-cbor")
    assert blocks_of(me, bytes(cid.raw_digest)) == []
