"""Ingestion: from the company's systems to ``landing``, as it came."""
