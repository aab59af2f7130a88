"""Datasets and where they come from."""
