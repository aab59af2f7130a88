"""What leaves the program: trajectory and summary."""
