"""What groups cost: Cloud's own report, the portal's estimate, budgets, and what was saved."""
