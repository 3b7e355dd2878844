"""Who cannot be reached leaves its sealed blobs with a mirror, which keeps those of participants only."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from derelay.baton.blocks import MissingBlock
from derelay.baton.root import root_cid
from derelay.baton.sealing import sealed_links
from derelay.chain.relay import Relay
from derelay.chain.text_signature import sign_text
from derelay.chain.wallet import Wallet
from derelay.local.cast import Cast
from derelay.local.measured import MeasuredChain
from derelay.node.participant import Participant
from derelay.node.publishing import Publisher
from derelay.node.upkeep import Host
from derelay.rules.phases import Phase
from derelay.store.directory import DirectoryStore
from derelay.store.fetch import fetch
from derelay.store.gateway import Gateway
from derelay.store.guests import Guests
from derelay.store.http_source import HttpSource
from derelay.store.mirror import HttpMirror
from network.tiny import begin
from small_relay import play

PATIENCE = 5


@dataclass(frozen=True)
class Scene:
    """A relay in which children are handed in, one of its trainers, and a mirror that another one runs."""

    chain: MeasuredChain
    cast: Cast
    trainer: Participant
    guests: Guests
    gateway: Gateway

    def mirror(self, wallet: Wallet) -> HttpMirror:
        return HttpMirror(self.gateway.url, partial(sign_text, wallet), PATIENCE, allow_private=True)

    @property
    def content(self) -> bytes:
        view = self.cast.relay.view()
        entry = view.entry_of(self.trainer.address)
        assert entry is not None
        return view.children[entry.child - 1].content

    def has_it(self) -> bool:
        try:
            return bool(self.guests.get(root_cid(self.content)))
        except MissingBlock:
            return False


def sealed(relay: Relay) -> bool:
    view = relay.view()
    return view.phase is Phase.SCORE


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    chain, cast = begin(tmp_path)
    play(chain, cast, sealed)
    trainers = {cast.relay.view().entries[child.entry].trainer for child in cast.relay.view().children}
    trainer = next(node.me for node in cast.nodes if node.me.address in trainers)
    host = next(node.me for node in cast.nodes if node.me is not trainer)
    guests = Guests(tmp_path / "guests")
    with Gateway(DirectoryStore(tmp_path / "own"), guests=guests, patience=PATIENCE) as gateway:
        Host(host, guests)(cast.relay.view())
        yield Scene(chain, cast, trainer, guests, gateway)


def test_a_child_can_be_fetched_from_the_mirror(scene: Scene, tmp_path: Path) -> None:
    me = scene.trainer
    mirror = scene.mirror(me.wallet)
    Publisher(me, mirror)(scene.cast.relay.view())
    mirror.close()
    source = HttpSource(scene.gateway.url, PATIENCE, allow_private=True)
    store = DirectoryStore(tmp_path / "fetched")
    links = partial(sealed_links, template=me.layout)
    done = fetch(root_cid(scene.content), store, {"mirror": source}, links)
    assert done.total_bytes > 2_600  # 650 weights, sealed
    source.close()


def test_what_is_there_is_not_sent_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = scene.mirror(scene.trainer.wallet)
    view = scene.cast.relay.view()
    Publisher(scene.trainer, mirror)(view)
    sent: list[object] = []
    monkeypatch.setattr(mirror, "put", lambda *block: sent.append(block))
    Publisher(scene.trainer, mirror)(view)  # as after a restart
    assert sent == []
    mirror.close()


def test_strangers_leave_nothing(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    mirror = scene.mirror(Wallet.create(lambda length: bytes([7]) * length))
    Publisher(scene.trainer, mirror)(scene.cast.relay.view())
    mirror.close()
    assert "blobs cannot be published" in caplog.text
    assert "register first" in caplog.text
    assert not scene.has_it()


def test_a_mirror_that_is_away_is_tried_again(
    scene: Scene, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = scene.gateway.url
    scene.gateway.close()
    signer = partial(sign_text, scene.trainer.wallet)
    mirror = HttpMirror(url, signer, 1, allow_private=True)
    publish = Publisher(scene.trainer, mirror)
    publish(scene.cast.relay.view())
    assert "trying again" in caplog.text
    port = int(url.rpartition(":")[2])
    deadline = time.monotonic() + 60
    with Gateway(DirectoryStore(tmp_path / "own"), port=port, guests=scene.guests):
        while not scene.has_it() and time.monotonic() < deadline:
            publish(scene.cast.relay.view())  # who failed is let rest for a while
            time.sleep(0.05)
    assert scene.has_it()
    mirror.close()
