"""What can be typed after `cgp`: the commands, each module named after one of its own."""
