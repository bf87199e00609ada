"""What Cloud's JSON says, as values of the domain."""
