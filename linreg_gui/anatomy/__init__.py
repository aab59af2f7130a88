"""The inside of one training step."""
