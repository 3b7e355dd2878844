"""What a bad wire, or a bad holder, makes of an answer."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Iterator

from faults.wire import CHUNK, Treatment

MEGABIT = 125_000
"""Bytes a second."""
HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\AHTTP/1\.1 [^\0]*?\r\ncontent-length: (\d+)\r\n(?:[^\0]*?\r\n)?\r\n", re.IGNORECASE)

Evil = Callable[[bytes], Iterator[bytes]]
"""From an answer to what arrives instead."""

STEP = 4096
"""Bytes that pass at a time where they pass slowly."""
ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.ipld.raw\r\nTransfer-Encoding: chunked\r\n\r\n"


def delayed(seconds: float) -> Treatment:
    """Return a treatment by which all that is sent arrives so much later."""

    def treat(sent: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in sent:
            time.sleep(seconds)
            yield chunk

    return treat


def throttled(rate: int) -> Treatment:
    """Return a treatment by which no more than so many bytes a second arrive, over all connections."""
    turn = threading.Lock()

    def treat(sent: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in sent:
            for at in range(0, len(chunk), STEP):
                part = chunk[at : at + STEP]
                with turn:
                    time.sleep(len(part) / rate)
                yield part

    return treat


def truncated(answer: bytes) -> Iterator[bytes]:
    """Let half of it through."""
    yield answer[: len(answer) // 2]


def flipped(answer: bytes) -> Iterator[bytes]:
    """Turn the last bit."""
    yield answer[:-1] + bytes([answer[-1] ^ 1])


def failing(answer: bytes) -> Iterator[bytes]:
    """Answer 500, whatever the answer was."""
    yield ERROR


def endless(answer: bytes) -> Iterator[bytes]:
    """Answer with a body that has no end."""
    yield ENDLESS
    while True:
        yield b"%x\r\n" % CHUNK + bytes(CHUNK) + b"\r\n"


def sometimes(evil: Evil, chance: float, seed: int) -> Treatment:
    """Return a treatment that does evil to an answer now and then, and hangs up."""
    dice = random.Random(seed)

    def treat(sent: Iterator[bytes]) -> Iterator[bytes]:
        for answer in _answers(sent):
            if dice.random() < chance:
                yield from evil(answer)
                return
            yield answer

    return treat


def _answers(sent: Iterator[bytes]) -> Iterator[bytes]:
    """Yield answers of HTTP, each whole: those that say how long they are, as ours do."""
    waiting = b""
    for chunk in sent:
        waiting += chunk
        while length := _LENGTH.search(waiting):
            end = waiting.index(HEAD_END) + len(HEAD_END) + int(length[1])
            if len(waiting) < end:
                break
            yield waiting[:end]
            waiting = waiting[end:]
