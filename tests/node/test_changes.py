"""Children and heads that travel as changes to what readers hold, and what becomes of who holds nothing."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from multiformats import CID
from torch import nn

import small_relay
from crash.world import Brief
from derelay.baton.blocks import Source
from derelay.baton.codec import Form
from derelay.baton.codecs import CODECS
from derelay.baton.encoding import Encoding
from derelay.baton.layout import layout_bytes
from derelay.baton.root import root_cid
from derelay.baton.sealing import seal, sealed_base, sealed_links
from derelay.chain.relay import Relay
from derelay.local.cast import Cast
from derelay.node import owner
from derelay.rules.phases import Phase
from small_relay import begin, over, play

CHANGE = CODECS["steps-0.5"]
LATE = -1
"""Who joins in the last round, and has no head before."""


class Wide(Brief):
    """Digits by a model of two blocks, whose pools are changes, too."""

    pool_codec = CHANGE.name

    def network(self) -> nn.Module:
        return nn.Sequential(nn.Flatten(), nn.Linear(64, 4096), nn.ReLU(), nn.Linear(4096, 10))


class Wire:
    """Counts the bytes that a holder sends of each block."""

    def __init__(self, source: Source, sent: Counter[CID]) -> None:
        self._source, self._sent = source, sent

    def get(self, cid: CID) -> bytes:
        block = self._source.get(cid)
        self._sent[cid] += len(block)
        return block


class Played(NamedTuple):
    cast: Cast
    sent: Counter[CID]
    """Bytes sent, by block."""

    def base(self, content: bytes) -> bytes:
        """What a sealed blob is a change to."""
        return sealed_base(self._block(content), self.cast.nodes[0].me.layout)

    def bytes_of(self, content: bytes) -> int:
        """Bytes of a sealed blob, its root included."""
        root, links = self._block(content), sealed_links(self._block(content), self.cast.nodes[0].me.layout)
        return len(root) + sum(len(self._get(cid)) for cid in links)

    def _block(self, content: bytes) -> bytes:
        return self._get(root_cid(content))

    def _get(self, cid: CID) -> bytes:
        store = next(node.me.store for node in self.cast.nodes if node.me.store.has(cid))
        return store.get(cid)


def wired(cast: Cast, sent: Counter[CID]) -> None:
    for node in cast.nodes:
        peers = node.me.peers
        node.me.peers = _counting(peers, sent)


def _counting(peers: Callable[[str], Source | None], sent: Counter[CID]) -> Callable[[str], Source | None]:
    def connect(url: str) -> Source | None:
        source = peers(url)
        return None if source is None else Wire(source, sent)

    return connect


def played(folder: Path, late: int = LATE) -> Played:
    """Play two rounds; one participant takes no part before the last."""
    chain, cast = begin(folder, task=Wide())
    sent: Counter[CID] = Counter()
    wired(cast, sent)
    absent = cast.nodes[late]
    early = replace(cast, nodes=tuple(node for node in cast.nodes if node is not absent))

    def last(relay: Relay) -> bool:
        view = relay.view()
        return view.phase is Phase.REST and view.round.number == small_relay.ROUNDS - 1

    play(chain, early, last)
    play(chain, cast, over)
    return Played(cast, sent)


def grants(relay: Relay) -> list[dict]:
    return [event.values for event in relay.history.named("KeyGranted")]


def heads(relay: Relay) -> list[bytes]:
    return [relay.genesis, *(event.values["id"] for event in relay.history.named("HeadChanged"))]


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return played(tmp_path_factory.mktemp("changes"))


def test_children_go_as_changes_to_the_head_in_a_tenth_of_its_bytes(changes: Played) -> None:
    relay = changes.cast.relay
    handed_in = [event.values for event in relay.history.named("HandedIn")]
    model = layout_bytes(changes.cast.nodes[0].me.layout)
    assert len(heads(relay)) == small_relay.ROUNDS + 1
    assert handed_in
    for values in handed_in:
        assert changes.base(values["content"]) in heads(relay)
        assert changes.bytes_of(values["content"]) < 0.15 * model
    assert not relay.history.named("KeyWanted")  # nobody was sent what it could not open


def test_a_head_goes_as_a_change_to_who_has_the_last_one_and_whole_to_who_has_not(changes: Played) -> None:
    relay, model = changes.cast.relay, layout_bytes(changes.cast.nodes[0].me.layout)
    late = changes.cast.nodes[LATE].me.address
    as_changes = 0
    for before, head in pairwise(heads(relay)):
        for grant in (grant for grant in grants(relay) if grant["baton"] == head):
            base = changes.base(grant["content"])
            assert base in (b"", before)
            assert not base or relay.history.has(before, grant["reader"])
            assert not base or changes.bytes_of(grant["content"]) < 0.15 * model
            as_changes += bool(base)
    assert as_changes
    first = next(
        grant for grant in grants(relay) if grant["reader"] == late and grant["baton"] in heads(relay)
    )
    assert not changes.base(first["content"])


def test_the_wire_carries_a_fraction_of_the_models_that_were_handed_over(changes: Played) -> None:
    relay, model = changes.cast.relay, layout_bytes(changes.cast.nodes[0].me.layout)
    wholes = sum(1 for grant in grants(relay) if not changes.base(grant["content"]))
    handed_over = len(grants(relay))
    assert sum(changes.sent.values()) < (wholes + 0.15 * (handed_over - wholes)) * model
    assert wholes < handed_over / 2


def test_who_is_sent_a_change_to_what_it_never_had_asks_and_gets_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        owner, "_needs_whole", lambda me, view, baton, who: me.relay.history.is_wanted(baton, who)
    )
    found = played(tmp_path)
    late, relay = found.cast.nodes[LATE].me, found.cast.relay
    mine = [
        grant for grant in grants(relay) if grant["reader"] == late.address and grant["baton"] in heads(relay)
    ]
    assert [bool(found.base(grant["content"])) for grant in mine[:2]] == [True, False]
    assert late.baton(mine[-1]["baton"]) is not None


def test_batons_that_are_changes_to_each_other_or_to_the_unknown_are_not_opened(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _, cast = begin(tmp_path, task=Wide())
    me = cast.nodes[0].me
    start = me.task.model().state_dict()
    batons = [me.make({name: tensor + i for name, tensor in start.items()}, [], 1) for i in (1, 2, 3)]
    for baton, base in zip(batons, (batons[1].id, batons[0].id, bytes(32)), strict=True):
        form = Form(Encoding(CHANGE.name, base), CHANGE.encode(baton.tensors, start))
        me.journal.keep_key(baton.id, bytes(32), seal(baton, bytes(32), me.store, form))
    with caplog.at_level(logging.WARNING):
        assert [me.baton(baton.id) for baton in batons] == [None] * 3
    assert "which is not here; ask for a grant of the whole" in caplog.text
