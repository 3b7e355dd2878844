"""One model version as it is handed on: manifest, codecs, sealing.

Its modules are imported one by one, so that `derelay.store` can use `blocks` and `files` without torch.
"""
