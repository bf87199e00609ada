"""`cgp`: the portal from a shell. It speaks to the JSON API with a personal token, and imports
nothing of the portal, so that it can be installed alone (`pip install ./app/client`).

Imports are relative, since the folder is the package `cgp` where it is installed alone.
"""

VERSION = "1.0"
"""The command's own; it speaks to any portal with /api/v1."""
