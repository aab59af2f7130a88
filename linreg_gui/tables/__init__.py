"""What a file says, until it is examples."""
