"""What is promised about speed, measured side by side. Run it with ``python3 benchmarks``."""
