"""How other projects make models smaller, as codecs, to be tried on the same children.

Written anew from their publications and sources; none of it is used to send anything. What they quantize is
the model as it is; PowerSGD is for gradients, and is given the change.
"""

import math

import torch
import zstandard
from torch import Tensor

from derelay.baton.codec import Codec
from derelay.baton.codecs.changes import change
from derelay.baton.layout import Layout
from derelay.baton.tensors import State

SIGMAS = 6
"""Standard deviations that hivemind's uniform quantization spreads its 256 values over."""
BLOCK = 4096
"""Weights with one scale in bitsandbytes' quantization by blocks, which hivemind offers."""
LARGE = 2**16
"""Weights from which on hivemind's users quantize a tensor; smaller ones go as fp16."""


class Peer(Codec):
    """A codec that is measured only."""

    settles_alike = False
    is_change = False

    def admit(self, stored: Layout, layout: Layout) -> None:
        """Take anything: it never comes from others."""


class Half(Peer):
    """Plain fp16."""

    name = "fp16"

    def encode(self, state: State, base: State | None) -> State:
        """Return the tensors rounded."""
        return {name: tensor.half() for name, tensor in state.items()}

    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the tensors widened again."""
        return {name: tensor.float() for name, tensor in stored.items()}


class Svd(Peer):
    """p2pfl's low-rank approximation: matrices of the model by what keeps 95 % of their energy."""

    name = "p2pfl SVD 95 %"

    def encode(self, state: State, base: State | None) -> State:
        """Return U, S and V of each matrix, and other tensors as they are."""
        stored = {}
        for name, tensor in state.items():
            if tensor.dim() != 2:
                stored[name] = tensor
                continue
            u, s, v = torch.linalg.svd(tensor, full_matrices=False)
            energy = s.square().cumsum(0) / s.square().sum().clamp(min=1e-30)
            rank = min(int((energy < 0.95).sum()) + 1, len(s))
            stored |= {f"u:{name}": u[:, :rank], f"s:{name}": s[:rank], f"v:{name}": v[:rank]}
        return {name: tensor.contiguous() for name, tensor in stored.items()}

    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the products."""
        return {
            name: stored[name]
            if name in stored
            else (stored[f"u:{name}"] * stored[f"s:{name}"]) @ stored[f"v:{name}"]
            for name in layout
        }


class PowerSgd(Peer):
    """A step of power iteration on the change (Vogels et al., NeurIPS 2019), where that halves its bytes."""

    is_change = True

    def __init__(self, rank: int) -> None:
        self.name = f"PowerSGD, rank {rank}"
        self._rank = rank

    def encode(self, state: State, base: State | None) -> State:
        """Return P and Q of each matrix that they at least halve, and other changes as they are."""
        stored = {}
        for name, tensor in state.items():
            moved = change(tensor, base[name])
            m, n = moved.shape
            if self._rank * (m + n) > 0.5 * m * n:
                stored[name] = tensor - base[name]
                continue
            start = torch.randn(n, self._rank, generator=torch.Generator().manual_seed(0))
            p = torch.linalg.qr(moved @ start).Q
            stored |= {f"p:{name}": p.contiguous(), f"q:{name}": (moved.t() @ p).contiguous()}
        return stored

    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the base and the products."""
        return {
            name: base[name]
            + (
                stored[name]
                if name in stored
                else (stored[f"p:{name}"] @ stored[f"q:{name}"].t()).view(shape)
            )
            for name, (_, shape) in layout.items()
        }


class Uniform(Peer):
    """hivemind's Uniform8BitQuantization: 256 values over six standard deviations, each its bin's mean."""

    name = "hivemind uniform 8 bit"

    def encode(self, state: State, base: State | None) -> State:
        """Return codes and the code book of each large tensor."""
        stored = {}
        for name, tensor in state.items():
            if tensor.numel() < LARGE:
                stored[name] = tensor.half()
                continue
            middle, width = tensor.mean(), SIGMAS * tensor.std() / 256
            codes = ((tensor - middle) / width + 128).round().clamp(0, 255).to(torch.uint8)
            flat = codes.flatten().long()
            sums = torch.zeros(256).index_add_(0, flat, tensor.flatten())
            stored |= {
                f"codes:{name}": codes,
                f"book:{name}": sums / flat.bincount(minlength=256).clamp(min=1),
            }
        return stored

    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the values of the codes."""
        return {
            name: stored[name].float()
            if name in stored
            else stored[f"book:{name}"][stored[f"codes:{name}"].long()]
            for name in layout
        }


class Blockwise(Peer):
    """hivemind's BlockwiseQuantization: bitsandbytes' dynamic 8 bits, each block by its largest weight."""

    name = "hivemind blockwise 8 bit"

    def encode(self, state: State, base: State | None) -> State:
        """Return codes, and the largest weight of each block."""
        stored, book = {}, _dynamic()
        borders = (book[:-1] + book[1:]) / 2
        for name, tensor in state.items():
            blocks = torch.nn.functional.pad(tensor.flatten(), (0, -tensor.numel() % BLOCK)).view(-1, BLOCK)
            largest = blocks.abs().amax(1, keepdim=True)
            codes = torch.bucketize(blocks / largest.clamp(min=1e-30), borders).to(torch.uint8)
            stored[f"codes:{name}"] = codes.flatten()[: tensor.numel()].clone()
            stored[f"largest:{name}"] = largest.flatten()
        return stored

    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the values of the codes."""
        book, state = _dynamic(), {}
        for name, (_, shape) in layout.items():
            values = book[stored[f"codes:{name}"].long()]
            scales = stored[f"largest:{name}"].repeat_interleave(BLOCK)[: math.prod(shape)]
            state[name] = (values * scales).view(shape)
        return state


def _dynamic() -> Tensor:
    """Return bitsandbytes' 256 values: a sign, an exponent in unary, the bits that are left a fraction."""
    values = [0.0, 1.0]
    for exponent in range(7):
        borders = torch.linspace(0.1, 1, 2**exponent + 1)
        means = ((borders[:-1] + borders[1:]) / 2 * 10.0 ** (exponent - 6)).tolist()
        values += [*means, *(-mean for mean in means)]
    return torch.tensor(sorted(values))


class Zstd(Peer):
    """Nothing lost: zstd on the weights, their bytes sorted by significance, as a change or by themselves."""

    def __init__(self, name: str, *, is_change: bool) -> None:
        self.name = name
        self.is_change = is_change

    def encode(self, state: State, base: State | None) -> State:
        """Return a frame for each tensor."""
        frames = {}
        for name, tensor in state.items():
            words = tensor.flatten().view(torch.int32)
            if self.is_change:
                words = words ^ base[name].flatten().view(torch.int32)
            planes = words.view(torch.uint8).view(-1, 4).t().contiguous()
            frame = zstandard.ZstdCompressor(level=3).compress(planes.numpy())
            frames[name] = torch.frombuffer(bytearray(frame), dtype=torch.uint8)
        return frames

    def decode(self, stored: State, layout: Layout, base: State | None) -> State:
        """Return the tensors."""
        state = {}
        for name, (_, shape) in layout.items():
            planes = zstandard.ZstdDecompressor().decompress(stored[name].numpy())
            parts = torch.frombuffer(bytearray(planes), dtype=torch.uint8).view(4, -1)
            words = parts.t().contiguous().view(torch.int32).flatten()
            if self.is_change:
                words = words ^ base[name].flatten().view(torch.int32)
            state[name] = words.view(torch.float32).view(shape)
        return state


LOSSLESS = (Zstd("zstd", is_change=False), Zstd("zstd of the change", is_change=True))
PEERS = (*LOSSLESS, Half(), Svd(), PowerSgd(4), PowerSgd(32), Uniform(), Blockwise())
