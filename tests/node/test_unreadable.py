"""What a chain says that no chain can mean: it is named and waited out, and no node ends by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from derelay.chain.chain import Log, UnreadableError
from derelay.chain.contract import Contract
from derelay.chain.history import History
from derelay.chain.view import Child, View
from derelay.node.service import Service
from network.tiny import begin
from small_relay import play

NO_TEXT = b"http://\xff\xfe\x1b[2J"


def test_who_registers_bytes_that_are_no_text_harms_nobody(tmp_path: Path) -> None:
    chain, cast = begin(tmp_path)
    odd = cast.nodes[2].me
    registry, key = cast.relay.registry, odd.encryption_public
    selector = keccak(b"register(bytes32,string)")[:4]
    odd.sender.send(
        registry.address,
        selector + encode(["bytes32", "bytes"], [key, NO_TEXT]),
        value=cast.relay.maintainer_bond,
        gas=400_000,
    )
    chain.mine()
    assert cast.relay.member(odd.address).url == NO_TEXT.decode(errors="replace")
    play(chain, cast, lambda relay: bool(relay.history.named("HeadChanged")))
    assert cast.relay.view().head.version == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda data: b"", "current is not as that contract says it"),
        (lambda data: data[:-1], "current is not as that contract says it"),
        (lambda data: data[:32] + (12).to_bytes(32) + data[64:], "there is no phase 12"),
        (lambda data: (1 << 63).to_bytes(32) + data[32:], "round 9223372036854775808"),
        (
            lambda data: data[: 12 * 32 - 32] + (7).to_bytes(32) + data[12 * 32 :],
            "7 children, 0 of them listed",
        ),
    ],
)
def test_a_view_that_is_none_is_waited_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[[bytes], bytes], reason: str
) -> None:
    chain, cast = begin(tmp_path)
    service = Service(cast.nodes[0])
    asked_for = cast.relay.rounds.encode("current")
    true = chain.call
    monkeypatch.setattr(
        chain, "call", lambda to, data: answer(true(to, data)) if data == asked_for else true(to, data)
    )
    assert service.turn() == 1  # the first pause
    with pytest.raises(UnreadableError, match=reason):
        cast.relay.view()
    monkeypatch.undo()
    service.turn()
    assert cast.relay.view().round.number == 0


def test_lists_without_end_are_not_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, cast = begin(tmp_path)
    entry = ("0x" + "11" * 20, 1, bytes(32), 0, 0, "0x" + "11" * 20)
    monkeypatch.setattr(cast.relay.rounds, "read_now", lambda *_: (entry,) * 32)
    with pytest.raises(UnreadableError, match="entries_of has no end"):
        cast.relay.entries(0)


def test_events_are_read_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain, cast = begin(tmp_path)
    true = chain.logs

    def cut(*asked: Any) -> list[Log]:
        *logs, last = true(*asked)
        return [*logs, replace(last, data=last.data[:-1])]

    history = History(chain, (cast.relay.rounds, cast.relay.registry))
    with monkeypatch.context() as patch:
        patch.setattr(chain, "logs", cut)
        with pytest.raises(UnreadableError, match="is not as that contract says it"):
            history.update()
    history.update()
    assert history.events == [event for event in cast.relay.history.events if event in history.events]
    assert len(history.events) == len(
        {(event.name, event.block, event.transaction) for event in history.events}
    )


def test_a_verdict_that_there_is_not_is_no_verdict(tmp_path: Path) -> None:
    _, cast = begin(tmp_path)
    rounds: Contract = cast.relay.rounds
    topic = keccak(b"Judged(uint256,address,bytes32,uint256,int256,uint256,uint256,uint256)")
    words = encode(["uint256", "int256", "uint256", "uint256", "uint256"], [9, 0, 0, 0, 0])
    log = Log(rounds.address, (topic, bytes(32), bytes(32), bytes(32)), words, 1, 0, bytes(32))
    assert rounds.event(log)
    with pytest.raises(UnreadableError, match="there is no verdict 9"):
        cast.relay.history._read(log)


def test_views_that_contradict_themselves_say_in_what(tmp_path: Path) -> None:
    _, cast = begin(tmp_path)
    view: View = cast.relay.view()
    child = Child(5, bytes(32), bytes(32), bytes(32), 0, 0, 0)
    assert view.contradiction() is None
    assert replace(view, owners=()).contradiction() == "there is no owner"
    one = replace(view, children=(child,), round=replace(view.round, children=1))
    assert one.contradiction() == "a child of no entry"
