"""The audit log in the store, its end, its anchor, and the ledger read beside it."""
