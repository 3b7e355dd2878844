from hashlib import sha256

from derelay.baton.pieces import PIECE_BYTES, digest_of, joined


def test_a_tensor_of_one_piece_has_the_hash_of_its_bytes():
    for size in (1, PIECE_BYTES):
        assert digest_of(memoryview(bytes(size))) == sha256(bytes(size)).digest()


def test_a_larger_one_has_the_hash_of_its_pieces_hashes():
    data = b"a" * PIECE_BYTES + b"b" * PIECE_BYTES + b"c"
    parts = [sha256(part).digest() for part in (data[:PIECE_BYTES], data[PIECE_BYTES:-1], b"c")]
    assert digest_of(memoryview(data)) == sha256(b"".join(parts)).digest() == joined(parts)
