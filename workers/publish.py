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
# Found as this is imported, before the worker makes its processes. One that takes the place of a killed process is made at any moment; made while
# the parent imports, it inherits the import's lock from a thread that it does not have, and its own import waits without end, lease and all.
WAYS = [
    {**asdict(method), "sizes": {family: list(sizes(family)) for family in method.families}} for method in methods()
]
PAUSES_S = (1, 5, 15)  # a worker that starts while a busy machine sets the product up finds the database taken


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def publish_methods(**_: object) -> None:
    """Once a worker stands, and before a run is launched from the command line. Raises: OperationalError when the database stays taken."""
    for pause in PAUSES_S:
        try:
            return methods_publish(WAYS)
        except OperationalError as error:
            logger.warning("The ways to train were not published yet: %s", error)
            time.sleep(pause)
    return methods_publish(WAYS)
