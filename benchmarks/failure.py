"""Why a benchmark cannot go on."""


class BenchmarkFailed(Exception):
    """A contestant did not start, or answered what it should not have: its figures would mean nothing."""


class NotAnswered(BenchmarkFailed):
    """A contestant answers a call with an error: it lacks what is asked for."""
