"""What the window can give away as a file, and how it is written."""
