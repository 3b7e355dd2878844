"""A whole relay in one process: participants, data, chain, baselines and the report."""
