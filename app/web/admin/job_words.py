"""What the jobs of the leading process are for."""

JOBS = {
    "reconcile": "Finds out what became of changes, and when they are in effect",
    "boosts": "Puts groups back whose boost has ended",
    "schedules": "Does what schedules say",
    "handovers": "Compares schedules given to ClickHouse Cloud with what stands there",
    "tidy": "Forgets sessions that are over, old drafts and old figures",
    "budgets": "Tells when 50, 75, 90 or 100 % of a budget are used",
    "spent": "Ends boosts of groups whose budget is used up",
    "estimates": "Estimates what groups cost today",
    "load": "Reads the load of groups",
    "costs": "Reads ClickHouse Cloud's cost report",
}
