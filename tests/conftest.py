"""
What all tests share: no generated example has a time limit, for no result may depend on how fast a
machine is.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
