"""What other apps may wait for: they import footage, footage never imports them."""

from django.dispatch import Signal

# Sent with `upload`, `key` and `size` in the transaction that completes an upload of labels.
labels_uploaded = Signal()

# Sent with `drive` in the transaction that finished its last frame that waited for a person.
drive_audited = Signal()
