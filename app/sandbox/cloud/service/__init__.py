"""One simulated service: its states in time, its scaling, how the API shows it."""
