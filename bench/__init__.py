"""Measurements: `./bog bench`. Always ratios within one run, because machines differ and drift."""
