"""Programs that run in a fresh process each and print their measurement as JSON."""
