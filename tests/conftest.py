"""What all tests share. No result may depend on how fast the machine is, so that no generated example has a time limit."""

from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
