"""The Celery worker's entry: the producer's application plus every task in `workers/tasks/`."""

import django

from webapp.config.celery import app

django.setup()
app.autodiscover_tasks(["workers"], related_name="tasks", force=True)
