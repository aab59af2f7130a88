"""Measure the program's speed side by side with others: ``python3 benchmarks``."""
