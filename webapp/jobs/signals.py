"""What other apps may wait for: they import jobs, jobs never imports them."""

from django.dispatch import Signal

# Sent with `job`, in the transaction that ended it: succeeded, failed or cancelled, by whomever.
job_ended = Signal()
