from dataclasses import replace

from derelay.rules.commitment import Context

HERE = Context(1, "0x" + "11" * 20, 3, "0x" + "22" * 20)
A, B = bytes([1]) * 32, bytes([2]) * 32


def test_a_commitment_is_bound_to_chain_relay_round_sender_and_content():
    contexts = [
        HERE,
        replace(HERE, chain_id=2),
        replace(HERE, relay="0x" + "33" * 20),
        replace(HERE, round=4),
        replace(HERE, sender="0x" + "44" * 20),
    ]
    made = [
        made
        for context in contexts
        for made in (
            context.to_secret(A),
            context.to_child(A, B),
            context.to_child(B, A),
            context.to_scores([1, 2], A),
            context.to_scores([2, 1], A),
            context.to_scores([1], A),
            context.to_scores([1, 2], B),
        )
    ]
    assert len(set(made)) == len(made)
