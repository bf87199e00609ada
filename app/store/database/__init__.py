"""The database itself: connections, its file, its health, copies, versions."""
