"""Networks that learn pitch from unlabelled audio of one voice, by what happens when it is shifted."""
