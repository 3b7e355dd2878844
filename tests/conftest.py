"""What all tests share.

Property tests draw the same examples each time, and are not timed: the machine may be busy.
"""

import torch
from hypothesis import settings

pytest_plugins = ("imagined",)

settings.register_profile("derelay", derandomize=True, deadline=None)
settings.load_profile("derelay")

torch.set_num_threads(1)  # small models train slower on more, many times so on busy machines
