"""The training thread: a worker that lives in it and the controller that owns it. QtCore only."""
