"""The file of groups: its shapes, levels and values, its faults, and a proposal of it."""
