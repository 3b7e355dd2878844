"""The report of a run: one HTML page that stands alone, without network, fonts or scripts.

Its modules are imported one by one, so that reading a report does not import matplotlib.
"""
