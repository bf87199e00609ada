"""Sizes that follow the week in local time: windows, what ought to be now, what it costs."""
