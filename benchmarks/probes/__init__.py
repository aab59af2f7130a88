"""What runs in a fresh process: each module is a program that prints its measurement as JSON."""
