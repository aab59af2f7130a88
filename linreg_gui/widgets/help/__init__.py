"""The pages of the Help menu."""
