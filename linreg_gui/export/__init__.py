"""What a person takes with them: a run as files."""
