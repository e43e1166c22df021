"""
Settings of generated tests that use pytest's own fixtures, such as a temporary folder that all
examples share.
"""

from hypothesis import HealthCheck

SHARED_FIXTURES = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
