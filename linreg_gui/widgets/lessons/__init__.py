"""Opening and making lessons, and what is done with the answers."""
