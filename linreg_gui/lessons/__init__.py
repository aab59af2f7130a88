"""Lessons that teachers make: pages in readable files, and the answers that students give."""
