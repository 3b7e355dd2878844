"""Cyclic weight transfer by NVFlare's simulator; run by `nvflare_cyclic` in an environment with NVFlare."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import torch
from nvflare.app_opt.pt.recipes.cyclic import CyclicRecipe
from nvflare.recipe import SimEnv

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run the setting in the folder that is named; leave the last model there."""
    folder = Path(sys.argv[1])
    setting = json.loads((folder / "setting.json").read_text())
    sites = [f"site-{holder}" for holder in range(setting["holders"])]
    recipe = CyclicRecipe(
        name="cyclic",
        model={"path": "learners.networks.network", "args": setting["network"]},
        num_rounds=setting["laps"],
        min_clients=len(sites),
        train_script=str(HERE / "nvflare_site.py"),
        train_args=str(folder),
        server_config_overrides={"order": sites},  # else in the order in which they happened to register
    )
    os.environ["PYTHONPATH"] = str(HERE.parent)  # the server and the sites are processes of their own
    recipe.execute(SimEnv(clients=sites, workspace_root=str(folder / "simulator")))
    kept = next((folder / "simulator").rglob("FL_global_model.pt"))
    torch.save(torch.load(kept, weights_only=False)["model"], folder / "model.pt")


if __name__ == "__main__":
    main()
