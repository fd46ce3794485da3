"""Tell the web which ways to train this code can run. The web knows no torch, so the workers say it."""

import logging
import time
from dataclasses import asdict

from celery.signals import worker_ready
from django.db import OperationalError

from ml.train.families import sizes
from ml.train.recipe import methods
from webapp.training.services import methods_publish

logger = logging.getLogger(__name__)
PAUSES_S = (1, 5, 15)  # a worker that starts while a busy machine sets the product up finds the database taken


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def publish_methods(**_: object) -> None:
    """Once a worker stands, and before a run is launched from the command line. Raises: OperationalError when the database stays taken."""
    for pause in PAUSES_S:
        try:
            return _publish()
        except OperationalError as error:
            logger.warning("The ways to train were not published yet: %s", error)
            time.sleep(pause)
    return _publish()


def _publish() -> None:
    methods_publish(
        {**asdict(method), "sizes": {family: list(sizes(family)) for family in method.families}} for method in methods()
    )
