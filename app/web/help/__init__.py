"""What the words of the pages mean, and how things are done."""
