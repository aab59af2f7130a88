"""The measurements. Each module's ``measure`` starts the probes and yields figures."""
