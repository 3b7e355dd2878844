"""The arrays that the simulation passes around."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]
"""Participants by number, or positions in another array."""
Floats = NDArray[np.float64]
"""Coins, bids, qualities, random numbers."""
Flags = NDArray[np.bool_]
"""Yes or no, one for each."""
