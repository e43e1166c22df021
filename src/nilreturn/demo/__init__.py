"""
The demonstration: a synthetic extract, the request it answers, the force's policy and its address.

The extract is made so that counting it gives the figures that a force published for a real request
in 2021. No record in it is real, and no figure is written anywhere but in how many such records are
made (`records`).
"""

from nilreturn.demo.building import AS_AT, COVERED, MAPPING, SEED, DemoFiles, build
from nilreturn.demo.journey import run_demo as run_demo

__all__ = ["AS_AT", "COVERED", "MAPPING", "SEED", "DemoFiles", "build"]
