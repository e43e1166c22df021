"""
The demonstration: a synthetic extract, the request that it answers, the force's policy and its
address.

Counting the extract gives the figures that a force published for a real request in 2021. No record
in it is real. The figures are not written down anywhere: they follow from how many records of each
kind `records` makes.
"""

from nilreturn.demo.building import AS_AT, COVERED, MAPPING, SEED, DemoFiles, build
from nilreturn.demo.journey import run_demo as run_demo

__all__ = ["AS_AT", "COVERED", "MAPPING", "SEED", "DemoFiles", "build"]
