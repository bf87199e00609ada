"""Clients that send nothing, half a request, or one byte a second."""
