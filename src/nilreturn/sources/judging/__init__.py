"""From a text to a value, or to the rule that it broke."""
