"""Values as text of pages."""
