"""A whole relay in plain Python, on `derelay.rules`: what the compiled contracts must do, call by call."""

from model.functions import FUNCTIONS, Function
from model.relay import Model, Terms
from model.world import EMPTY, NOBODY, Event, Refused, World

__all__ = ["EMPTY", "FUNCTIONS", "NOBODY", "Event", "Function", "Model", "Refused", "Terms", "World"]
