"""All property tests draw the same examples each time, and are not timed: the machine may be busy."""

from hypothesis import settings

settings.register_profile("derelay", derandomize=True, deadline=None)
settings.load_profile("derelay")
