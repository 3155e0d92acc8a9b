"""Benchmarks: `make bench` runs them all, each printing its ratio to a floor of the same run."""
