"""What is on screen. One file a widget; no MXNet."""
