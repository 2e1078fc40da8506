"""Taskharbor beside the conventional service and beside the driver's floor: `python -m benchmarks`.

Nothing here is a timed test: figures vary from machine to machine, so what counts are the ratios within one run.
"""
