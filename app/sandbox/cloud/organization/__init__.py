"""What belongs to the organisation as a whole: activities, costs, keys."""
