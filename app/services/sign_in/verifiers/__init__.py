"""The ways to verify credentials, and where it is done."""
