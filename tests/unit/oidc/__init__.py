"""What is taken from a provider."""
