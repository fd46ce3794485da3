"""One method a file; adding one touches nothing else."""
