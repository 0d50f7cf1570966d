"""How often the answers are right: the same rendered songs heard by Sori and by other programs.

``python -m bench.accuracy`` renders, listens, scores and writes ``docs/accuracy.md``.
"""
