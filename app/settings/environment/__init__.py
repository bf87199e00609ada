"""The settings that the environment or `configs/.env` may give: their table and their parsers."""
