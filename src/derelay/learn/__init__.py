"""Learning: tasks, training, data shares, paired scoring and pooling."""

from derelay.baton.tensors import State
from derelay.learn.archive import ArchiveError, read_cases, write_cases
from derelay.learn.cases import Cases, Share
from derelay.learn.loading import installed_tasks, load_task, task_hash
from derelay.learn.own import own_share
from derelay.learn.pooling import average, moved, pooled
from derelay.learn.scoring import Gain, Yardstick, paired_gain
from derelay.learn.split import split
from derelay.learn.supervised import Supervised
from derelay.learn.task import Task, TaskError

__all__ = [
    "ArchiveError",
    "Cases",
    "Gain",
    "Share",
    "State",
    "Supervised",
    "Task",
    "TaskError",
    "Yardstick",
    "average",
    "installed_tasks",
    "load_task",
    "moved",
    "own_share",
    "paired_gain",
    "pooled",
    "read_cases",
    "split",
    "task_hash",
    "write_cases",
]
