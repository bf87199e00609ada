"""The Compute Group Portal: scale the compute groups of a ClickHouse Cloud warehouse, in bounds.

This module imports nothing, so that the sandbox, which lives in the same package, starts without
a line of the portal. `app.wiring` puts the use cases together, `app.factory` the application.
"""

VERSION = "0.1.0"
