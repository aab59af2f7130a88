"""A run: what it was asked for, where it stands, and where it has been."""
