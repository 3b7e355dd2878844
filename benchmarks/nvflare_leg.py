"""A leg that only lasts: what each site of `nvflare_death.py` runs in its job process.

    nvflare_leg.py LEGS SECONDS

Writes a JSON line to the file LEGS whenever a leg begins: the `site` and the process (`pid`) that hold the
model.
"""

import json
import os
import sys
import time
from pathlib import Path

import nvflare.client as flare


def main(legs: Path, seconds: float) -> None:
    """Hand on every model as it came, after some seconds."""
    flare.init()
    while flare.is_running():
        received = flare.receive()
        if received is None:
            return
        with legs.open("a") as lines:
            lines.write(json.dumps({"site": flare.get_site_name(), "pid": os.getpid()}) + "\n")
        time.sleep(seconds)
        flare.send(flare.FLModel(params=received.params, params_type=received.params_type))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
