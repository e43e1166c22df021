"""The demonstration: a synthetic extract, the request it answers, and the whole journey in one call."""
