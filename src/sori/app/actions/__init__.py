"""One function per thing a person can do: plain values in, plain values out, nothing printed."""

__all__: list[str] = []
