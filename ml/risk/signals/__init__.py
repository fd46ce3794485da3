"""Signals of label error, one a file: `SIGNAL` with its name, weight, and measure. See ml/risk/signal.py."""
