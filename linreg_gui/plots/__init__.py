"""The pictures: a kit, and one file for each picture."""
