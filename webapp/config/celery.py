"""The Celery application. The web only sends by name; `workers.app` adds the tasks."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")
app = Celery("headway")
app.config_from_object("django.conf:settings", namespace="CELERY")
