"""What `make bench` measures: ratios in one run, equal answers checked."""
