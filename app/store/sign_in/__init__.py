"""What the store keeps of signing in: sessions, attempts, what is known and what is verified."""
