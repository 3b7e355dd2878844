"""Learning: tasks, training, data shares, paired scoring and pooling."""

from derelay.baton.tensors import State
from derelay.learn.cases import Cases, Share
from derelay.learn.loading import installed_tasks, load_task, task_hash
from derelay.learn.pooling import average, moved, pooled
from derelay.learn.scoring import Gain, Yardstick, paired_gain
from derelay.learn.split import split
from derelay.learn.supervised import Supervised
from derelay.learn.task import Task, TaskError

__all__ = [
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
    "paired_gain",
    "pooled",
    "split",
    "task_hash",
]
