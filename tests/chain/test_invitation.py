from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import derelay.chain.invitation as module
from derelay.chain.invitation import MAX_HOLDERS, PREFIX, Invitation, InvitationError

ROUNDS = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
PLAIN = Invitation(31337, ROUNDS, 12, "digits", bytes(range(32)), ("http://127.0.0.1:4100",))
words = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=64)
invitations = st.builds(
    Invitation,
    chain_id=st.integers(1, 2**63 - 1),
    rounds=st.just(ROUNDS),
    block=st.integers(0, 2**63 - 1),
    task=words,
    task_hash=st.binary(min_size=32, max_size=32),
    holders=st.lists(words, max_size=MAX_HOLDERS).map(tuple),
)


@given(invitations)
def test_what_was_written_is_read(invitation):
    assert Invitation.read(str(invitation)) == invitation


def test_it_is_short_one_word_and_may_be_wrapped():
    text = str(PLAIN)
    assert text.startswith(PREFIX)
    assert text.isalnum()
    assert len(text) < 150
    assert Invitation.read(f"  {text[:50]}\r\n {text[50:]}\n") == PLAIN


@given(st.data())
def test_no_character_can_be_changed_lost_or_swapped(data):
    text = str(PLAIN)
    place = data.draw(st.integers(0, len(text) - 2))
    other = data.draw(st.characters(codec="utf-8", exclude_characters=text[place] + " \t\r\n"))
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    for damaged in (text[:place] + other + text[place + 1 :], text[:place], swapped):
        if damaged != text:
            with pytest.raises(InvitationError, match=r"damaged|no invitation"):
                Invitation.read(damaged)


def test_one_of_another_protocol_says_so(monkeypatch):
    monkeypatch.setattr(module, "PROTOCOL_VERSION", 99)
    text = str(PLAIN)
    monkeypatch.undo()
    with pytest.raises(InvitationError, match="protocol 99, spoken here is"):
        Invitation.read(text)


@pytest.mark.parametrize("text", ["", "http://127.0.0.1", "digits", PREFIX, PREFIX + "1", "x" * 10**6])
def test_what_is_none_is_refused(text):
    with pytest.raises(InvitationError, match=r"no invitation|damaged"):
        Invitation.read(text)


def test_megabytes_are_not_decoded():
    with pytest.raises(InvitationError, match="no invitation is that long"):
        Invitation.read(PREFIX + "z" * 10**7)


@pytest.mark.parametrize(
    "value", [b"", 7, [], ["1"], [1, 1, b"", 0, "t", b"", []], [module.PROTOCOL_VERSION]]
)
def test_other_things_with_a_right_checksum_are_refused(value):
    data = module.encode(value)
    text = PREFIX + module.multibase.encode(data + module._checksum(data), "base58btc")[1:]
    with pytest.raises(InvitationError, match="malformed"):
        Invitation.read(text)


@given(st.text(max_size=60) | st.text("derlay1zABC0OIl", max_size=60))
def test_any_text_is_an_invitation_or_an_error_for_people(text):
    for each in (text, PREFIX + text):
        with pytest.raises(InvitationError):
            Invitation.read(each)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.binary(max_size=40) | words,
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(values.map(module.encode) | st.binary(max_size=80))
def test_any_content_with_a_right_checksum_is_an_invitation_or_an_error_for_people(data):
    text = PREFIX + module.multibase.encode(data + module._checksum(data), "base58btc")[1:]
    with pytest.raises(InvitationError):
        Invitation.read(text)


@pytest.mark.parametrize(
    "change",
    [
        {"chain_id": 0},
        {"block": -1},
        {"task": ""},
        {"task": "t" * 65},
        {"task": "a\x1b[2J"},
        {"task_hash": b"short"},
        {"holders": ("http://h",) * 9},
        {"holders": ("http://" + "h" * 130,)},
    ],
)
def test_values_are_bounded(change):
    with pytest.raises(InvitationError, match="out of bounds"):
        replace(PLAIN, **change)
