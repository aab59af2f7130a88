"""The pictures. One file a plot."""
