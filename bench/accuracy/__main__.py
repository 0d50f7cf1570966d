"""``python -m bench.accuracy``: see `bench.accuracy.evaluate`."""

from bench.accuracy.evaluate import main

if __name__ == "__main__":
    main()
