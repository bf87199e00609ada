"""How requests get from the network to a thread. Knows gunicorn and nothing of the portal."""
