"""The page and its server: the actions of Sori over HTTP, for a browser on this computer or in this house."""

__all__: list[str] = []
