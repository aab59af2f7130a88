"""Colors, type, and the plain controls that every part of the window uses."""
