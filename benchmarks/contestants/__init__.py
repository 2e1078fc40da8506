"""The applications that Taskharbor is compared with; `benchmarks.lineup` says how each is started."""
