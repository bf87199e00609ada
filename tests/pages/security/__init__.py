"""What holds for every answer and against every stranger, wherever the pages lead."""
