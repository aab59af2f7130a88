"""The panels, one at a time beside the pictures."""
