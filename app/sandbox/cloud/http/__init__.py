"""The REST API of the simulated Cloud: admission, routes, bodies, answers."""
