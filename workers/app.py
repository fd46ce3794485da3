"""The Celery worker's entry: the producer's application plus every task in `workers/tasks/`."""

import warnings

import django
from celery.platforms import SecurityWarning

from webapp.config.celery import app

# Messages are JSON and carry an id alone, so what the warning fears of a worker run by root cannot happen; containers do run it so.
warnings.simplefilter("ignore", SecurityWarning)
django.setup()
app.autodiscover_tasks(["workers"], related_name="tasks", force=True)
from workers import doorbell, publish  # noqa: E402, F401 - the broker's files; what connects to the worker's start
