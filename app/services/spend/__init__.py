"""What groups cost: reading Cloud's report, estimating, watching budgets, and showing it."""
