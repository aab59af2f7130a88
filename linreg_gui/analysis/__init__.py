"""The analysis of the examples: all that follows from them without training."""
