"""Calls to Cloud's REST API: time limits, retries, the budget of requests, what an answer means."""
