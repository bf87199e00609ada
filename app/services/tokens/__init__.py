"""Personal tokens: who holds one, and making, listing and revoking them."""
