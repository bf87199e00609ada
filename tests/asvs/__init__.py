"""OWASP ASVS 5.0: which requirements there are, which tests prove them, and with what outcome."""
