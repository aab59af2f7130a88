"""The window itself: what is always on screen."""
