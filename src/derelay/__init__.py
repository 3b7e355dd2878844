"""Decentralized relay learning: one model, trained by being handed on."""
