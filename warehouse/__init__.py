"""Getting data in and out of PostgreSQL."""
