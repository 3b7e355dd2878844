"""The heads of a run: each one measured and saved when it is elected."""

from __future__ import annotations

from pathlib import Path

from derelay.baton.manifest import Manifest
from derelay.learn.cases import Cases
from derelay.learn.task import Task
from derelay.local.cast import Cast
from derelay.local.chronicle import head_file


class Gallery:
    """Every head as it is elected: measured on the public test cases, and saved."""

    def __init__(self, task: Task, cast: Cast, test: Cases, folder: Path) -> None:
        self._task = task
        self._cast = cast
        self._test = test
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self.metrics: dict[int, dict[str, float]] = {}
        self.manifests: dict[int, Manifest] = {}
        self.show()

    def show(self) -> None:
        """Measure and save the current head."""
        head = self._cast.relay.view().head
        makers = self._cast.relay.history.makers(head.id)
        batons = (node.me.baton(head.id) for node in self._cast.nodes if node.me.address in makers)
        baton = next((baton for baton in batons if baton is not None), None)
        if baton is None:
            raise RuntimeError(f"head {head.version} is not to be had from those who made it")
        model = self._task.model()
        model.load_state_dict(baton.tensors)
        self.metrics[head.version] = self._task.metrics(model, self._test)
        self.manifests[head.version] = baton.manifest
        baton.save(self._folder / Path(head_file(head.version, head.id.hex())).name)
