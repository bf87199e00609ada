"""Reading the load of groups, and showing what is known of it."""
