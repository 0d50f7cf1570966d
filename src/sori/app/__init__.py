"""What a person can do with Sori: actions, and the command line over them."""

__all__: list[str] = []
