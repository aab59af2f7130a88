"""The walk through the lesson: its stops, and the running of their lines."""
