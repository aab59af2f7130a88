"""What is known of the examples without training."""
