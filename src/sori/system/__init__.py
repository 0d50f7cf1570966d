"""What the operating system gives: processes with limits, one writer at a time, files replaced whole."""
