"""The ``fieldhouse`` command: starts fast, imports late."""
