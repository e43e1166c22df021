"""
What all tests share: the profiles of generated tests.

No generated example has a time limit, for no result may depend on how fast a machine is. "quick",
which `./run test` asks for, tries fewer examples; each run tries others.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("full", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("full"), max_examples=25)
settings.load_profile("full")
