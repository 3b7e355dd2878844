"""Federated averaging by Flower; run by `learners.federated` in an environment that has Flower."""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from time import perf_counter

import torch
from flwr.app import ArrayRecord, ConfigRecord, Context, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp
from flwr.serverapp import Grid, ServerApp
from flwr.serverapp.strategy import FedAvg, FedProx
from flwr.simulation import run_simulation

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from learners.networks import accuracy, network
from learners.plain import PROBE, descend


def _client(folder: Path) -> ClientApp:
    app = ClientApp()

    @app.train()
    def train(message: Message, context: Context) -> Message:
        torch.set_num_threads(1)
        setting = json.loads((folder / "setting.json").read_text())
        holder = int(context.node_config["partition-id"])
        inputs, targets = torch.load(folder / f"share{holder}.pt")
        model = network(setting["network"], tuple(setting["shape"]), setting["classes"])
        model.load_state_dict(message.content["arrays"].to_torch_state_dict())
        number = int(message.content["config"]["server-round"])
        generator = torch.Generator().manual_seed(setting["seed"] * 10_000 + number * 100 + holder)
        begun = perf_counter()
        descend(
            model,
            inputs,
            targets,
            setting["local_steps"],
            setting["rate"],
            generator,
            float(message.content["config"].get("proximal-mu", 0.0)),
        )
        measured = MetricRecord({"num-examples": len(inputs), "seconds": perf_counter() - begun})
        content = RecordDict({"arrays": ArrayRecord(model.state_dict()), "metrics": measured})
        return Message(content=content, reply_to=message)

    return app


def _server(folder: Path, setting: dict) -> ServerApp:
    app = ServerApp()
    inputs, targets = torch.load(folder / "test.pt")
    accuracies: list[float] = []
    measuring = [0.0]

    def measure(number: int, arrays: ArrayRecord) -> MetricRecord:
        begun = perf_counter()
        model = network(setting["network"], tuple(setting["shape"]), setting["classes"])
        model.load_state_dict(arrays.to_torch_state_dict())
        by = slice(None if number == setting["rounds"] else PROBE)
        told = accuracy(model, inputs[by], targets[by])
        if number:
            accuracies.append(told)
        measuring[0] += perf_counter() - begun
        return MetricRecord({"accuracy": told})

    def together(replies: list[RecordDict], _: str) -> MetricRecord:
        if len(replies) < setting["holders"]:  # Flower would go on with the others
            raise RuntimeError(
                f"only {len(replies)} of {setting['holders']} holders replied: see the log above"
            )
        return MetricRecord({"seconds": sum(float(reply["metrics"]["seconds"]) for reply in replies)})

    @app.main()
    def main(grid: Grid, context: Context) -> None:
        model = network(setting["network"], tuple(setting["shape"]), setting["classes"])
        common = {
            "fraction_train": 1.0,
            "fraction_evaluate": 0.0,
            "min_available_nodes": setting["holders"],
            "train_metrics_aggr_fn": together,
        }
        strategy = (
            FedProx(**common, proximal_mu=setting["proximity"]) if setting["proximity"] else FedAvg(**common)
        )
        begun = perf_counter()
        result = strategy.start(
            grid=grid,
            initial_arrays=ArrayRecord(model.state_dict()),
            num_rounds=setting["rounds"],
            train_config=ConfigRecord({}),
            evaluate_fn=measure,
        )
        seconds = perf_counter() - begun - measuring[0]
        legs = setting["rounds"] * setting["holders"]
        training = sum(float(metrics["seconds"]) for metrics in result.train_metrics_clientapp.values())
        outcome = {
            "accuracies": accuracies,
            "seconds": seconds,
            "overhead": max(0.0, seconds - training) / legs,
            "bytes": sum(4 * weights.numel() for weights in model.parameters()),
        }
        (folder / "outcome.json").write_text(json.dumps(outcome))

    return app


def main() -> None:
    """Run the setting in the folder that is named."""
    folder = Path(sys.argv[1])
    setting = json.loads((folder / "setting.json").read_text())
    torch.set_num_threads(1)
    torch.manual_seed(setting["seed"])
    cpus = {"client_resources": {"num_cpus": 1, "num_gpus": 0.0}, "init_args": {"num_cpus": 1}}
    run_simulation(_server(folder, setting), _client(folder), setting["holders"], backend_config=cpus)


if __name__ == "__main__":
    try:
        main()
    except RuntimeError:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)  # the server may wait in a thread for answers that nobody will give
