"""The library: a catalog of what was heard, and what can be asked of it."""

__all__: list[str] = []
