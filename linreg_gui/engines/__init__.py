"""Who takes the steps: the lesson's own loop, and the scan that takes them all at once."""
