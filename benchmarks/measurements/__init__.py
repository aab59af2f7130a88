"""What is measured: each module's ``measure`` starts the probes and yields figures."""
