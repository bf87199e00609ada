"""`cgp` as people and scripts use it: as a process, against a running portal."""
