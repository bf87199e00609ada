"""The load of compute groups: what is read of it, what is kept, and what it advises."""
