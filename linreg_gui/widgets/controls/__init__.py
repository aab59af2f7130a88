"""The control panel: one row a setting."""
