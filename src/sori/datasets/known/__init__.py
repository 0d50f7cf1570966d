"""One file per known data set; `sori.datasets.card` says what each has."""
