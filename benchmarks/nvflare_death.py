"""NVFlare's cyclic workflow, whose holder is killed in the middle of its leg.

    .venv-bench-nvflare/bin/python benchmarks/nvflare_death.py [job | site | restarted] [--help]

A server and three sites, each a process as NVFlare's own scripts start it, pass a model round and round in
legs of five seconds. In the middle of the fifth leg, when another site is still to come in this lap, whoever
has the model is hit by SIGKILL: its `job` process alone, or the `site` with all its processes for good, or
the same and the site is `restarted` at once. Without a name, all three, one after the other. Does the model
go on?

One JSON line each: `killed`; `min_clients`, how many sites the job needs; `legs_before`, complete;
`legs_after`, begun by the sites that were not hit; `watched_s`, less than asked for when the job has ended;
and `job`, what NVFlare then says of it.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from pathlib import Path

import psutil
import yaml
from nvflare.app_opt.pt.recipes.cyclic import CyclicRecipe
from nvflare.fuel.flare_api.flare_api import Session, new_secure_session
from nvflare.tool.poc.poc_commands import gen_project_config_file, get_prod_dir, prepare_poc_provision

SITES = ["site-1", "site-2", "site-3"]
ADMIN = "admin@nvidia.com"
LEG_SECONDS = 5
FATAL_LEG = 5
PATIENCE_SECONDS = 240


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def await_until(what: str, is_so: Callable[[], bool]) -> None:
    """Wait, but not for ever."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(f"not within {PATIENCE_SECONDS} s: {what}")
        time.sleep(0.1)


def provision(folder: Path) -> Path:
    """Make the startup kits of a federation that has ports of its own; return where they are."""
    project = Path(gen_project_config_file(str(folder)))
    config = yaml.safe_load(project.read_text())
    server = {"name": "server", "type": "server", "org": "nvidia", "fed_learn_port": free_port()}
    sites = [{"name": site, "type": "client", "org": "nvidia"} for site in SITES]
    admin = {"name": ADMIN, "type": "admin", "org": "nvidia", "role": "project_admin"}
    project.write_text(yaml.safe_dump({**config, "participants": [server, *sites, admin]}))
    prepare_poc_provision([], 0, str(folder), "", use_he=False, project_conf_path=str(project))
    return Path(get_prod_dir(str(folder), config["name"]))


def start(kit: Path) -> psutil.Popen:
    """Start a server or a site by its own script."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with (kit / "console.txt").open("ab") as console:
        return psutil.Popen(
            ["bash", str(kit / "startup" / "sub_start.sh"), "--once"],
            env={**os.environ, "PATH": path, "OMP_NUM_THREADS": "1"},
            stdout=console,
            stderr=subprocess.STDOUT,
        )


def kill(process: psutil.Process) -> None:
    """Kill a process and all that it started, without a warning."""
    with suppress(psutil.NoSuchProcess):
        family = [process, *process.children(recursive=True)]
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(family, timeout=10)


def submit(session: Session, min_clients: int, folder: Path, legs: Path) -> str:
    """Submit a relay that nobody will see the end of; return its id."""
    recipe = CyclicRecipe(
        name="relay",
        model={"path": "torch.nn.Linear", "args": {"in_features": 1, "out_features": 1}},
        num_rounds=1000,
        min_clients=min_clients,
        train_script=str(Path(__file__).with_name("nvflare_leg.py")),
        train_args=f"{legs} {LEG_SECONDS}",
    )
    recipe.export(str(folder))
    return str(session.submit_job(str(folder / "relay")))


def begun(legs: Path) -> list[dict[str, str | int]]:
    """Return all legs that have begun."""
    return [json.loads(line) for line in legs.read_text().splitlines()]


def strike(killed: str, kits: Path, processes: dict[str, psutil.Popen], holder: dict[str, str | int]) -> None:
    """Kill who holds the model, in one of three ways."""
    site = str(holder["site"])
    if killed == "job":
        kill(next(one for one in processes[site].children(recursive=True) if one.pid == holder["pid"]))
        return
    kill(processes[site])
    if killed == "restarted":
        processes[site] = start(kits / site)


def watch(session: Session, job: str, seconds: float) -> tuple[float, str]:
    """Look on until time is up or the job has ended; return the seconds and what the job is then."""
    began = time.monotonic()
    while True:
        watched, status = time.monotonic() - began, str(session.get_job_status(job))
        if watched > seconds or status.startswith("FINISHED"):
            return watched, status
        time.sleep(5)


def measure(killed: str, min_clients: int, seconds: float, folder: Path) -> dict[str, str | float]:
    """Run one relay, kill its holder, and see."""
    kits, legs = provision(folder), folder / "legs.jsonl"
    legs.touch()
    processes = {name: start(kits / name) for name in ["server", *SITES]}
    try:
        session = new_secure_session(ADMIN, str(kits / ADMIN), timeout=PATIENCE_SECONDS)
        await_until("all sites are connected", lambda: len(session.get_connected_client_list()) == len(SITES))
        job = submit(session, min_clients, folder / "job", legs)
        await_until(f"leg {FATAL_LEG} has begun", lambda: len(begun(legs)) == FATAL_LEG)
        time.sleep(LEG_SECONDS / 2)
        *complete, holder = begun(legs)
        strike(killed, kits, processes, holder)
        watched, status = watch(session, job, seconds)
        after = [leg for leg in begun(legs)[FATAL_LEG:] if leg["site"] != holder["site"]]
        session.close()
    finally:
        for process in processes.values():
            kill(process)
    return {
        "killed": killed,
        "min_clients": min_clients,
        "legs_before": len(complete),
        "legs_after": len(after),
        "watched_s": round(watched),
        "job": status,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("killed", nargs="?", choices=["job", "site", "restarted"], help="what is killed")
    parser.add_argument(
        "--watch", type=float, default=300, metavar="SECONDS", help="how long to look on (300)"
    )
    parser.add_argument("--min-clients", type=int, default=2, help="how many sites the job needs (2)")
    asked = parser.parse_args()
    for killed in [asked.killed] if asked.killed else ["job", "site", "restarted"]:
        with tempfile.TemporaryDirectory() as folder, redirect_stdout(sys.stderr):
            found = measure(killed, asked.min_clients, asked.watch, Path(folder))
        print(json.dumps(found), flush=True)
