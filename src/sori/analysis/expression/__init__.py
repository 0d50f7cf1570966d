"""How it is played: dynamics, articulation, vibrato, timing, tone."""
