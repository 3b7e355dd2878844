"""The floor: what moving, hashing and keeping a model's bytes costs at least, with nothing else to it.

The giver is `sendfile`. The taker has one buffer; a thread hashes it with SHA-256, another writes it past the
page cache; the tensors are views of it.
"""

import hashlib
import mmap
import os
import queue
import socket
import sys
import tempfile
import threading
from pathlib import Path

import torch
from sides import State, give, layout, model, resident, take

SLICE = 1 << 20
SECTOR = 4096


def serve(mb: int, folder: Path) -> list[object]:
    """Write a model to a file and send that to whoever connects."""
    file = folder / f"floor{mb}"
    digest = hashlib.sha256()
    with file.open("wb") as out:
        for tensor in model(mb).values():
            digest.update(tensor.numpy())
            out.write(tensor.numpy().data)
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with file.open("rb") as data:
            while True:
                connection, _ = listening.accept()
                with connection:
                    connection.recv(1)
                    connection.sendfile(data)

    threading.Thread(target=run, daemon=True).start()
    return [listening.getsockname()[1], digest.hexdigest()]


def receive(mb: int, folder: Path, port: int, expected: str) -> State:
    """Take it, hash it, write it and load it."""
    size = mb * 1_000_000
    wire = socket.create_connection(("127.0.0.1", port))
    wire.sendall(b"?")
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    view = memoryview(memory)
    hashed: queue.SimpleQueue[int] = queue.SimpleQueue()
    written: queue.SimpleQueue[int] = queue.SimpleQueue()
    digest = hashlib.sha256()

    def hash_it() -> None:
        at = 0
        while at < size:
            to = hashed.get()
            digest.update(view[at:to])
            at = to

    def write_it() -> None:
        file, at = os.open(folder / "floor", os.O_WRONLY | os.O_CREAT | os.O_DIRECT), 0
        whole = size - size % SECTOR
        while at < whole:
            to = min(whole, written.get() // SECTOR * SECTOR)
            while at < to:
                at += os.pwrite(file, view[at:to], at)
        os.close(file)
        with open(folder / "floor", "r+b") as rest:
            rest.seek(whole)
            rest.write(view[whole:])

    threads = [threading.Thread(target=each) for each in (hash_it, write_it)]
    for thread in threads:
        thread.start()
    at = told = 0
    while at < size:
        at += wire.recv_into(view[at:])
        if at - told >= SLICE or at == size:
            hashed.put(at)
            written.put(at)
            told = at
    for thread in threads:
        thread.join()
    if digest.hexdigest() != expected:
        raise SystemExit("other bytes than were sent")
    state, at = {}, 0
    for name, shape in layout(mb).items():
        count = torch.Size(shape).numel()
        state[name] = torch.frombuffer(memory, dtype=torch.float32, count=count, offset=at).reshape(shape)
        at += 4 * count
    return state


if __name__ == "__main__":
    side, _, mb, folder, *where = sys.argv[1:]
    torch.set_num_threads(1)
    if side == "give":
        idle = resident("VmRSS")
        give(lambda: serve(int(mb), Path(folder)), idle)
    else:
        own = Path(tempfile.mkdtemp(dir=folder))
        take(lambda: receive(int(mb), own, int(where[0]), where[1]))
