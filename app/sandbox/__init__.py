"""A simulated ClickHouse Cloud: its API and the HTTP interface of its services.

A second, independent implementation of Cloud's rules: it shares no code with the portal, so that
a mistake in the portal cannot hide in it. Start it with `python -m app.sandbox`.
"""
