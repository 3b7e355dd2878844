"""What each site of `nvflare_app` runs: a leg on its own share for each model that it is given."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import nvflare.client as flare
import torch

from learners.networks import network
from learners.plain import descend, leg_seed


def main(folder: Path) -> None:
    """Train every model that comes, and hand it on."""
    torch.set_num_threads(1)
    setting = json.loads((folder / "setting.json").read_text())
    flare.init()
    holder = int(flare.get_site_name().removeprefix("site-"))
    inputs, targets = torch.load(folder / f"share{holder}.pt")
    model = network(**setting["network"])
    while flare.is_running():
        received = flare.receive()
        if received is None:
            return
        model.load_state_dict(received.params)
        number = received.current_round * setting["holders"] + holder
        generator = torch.Generator().manual_seed(leg_seed(setting["seed"], number))
        descend(model, inputs, targets, setting["local_steps"], setting["rate"], generator)
        flare.send(flare.FLModel(params=model.state_dict()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
