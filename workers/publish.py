"""Tell the web which ways to train this code can run. The web knows no torch, so the workers say it."""

from dataclasses import asdict

from celery.signals import worker_ready

from ml.train.families import sizes
from ml.train.recipe import methods
from webapp.training.services import methods_publish


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery has no types
def publish_methods(**_: object) -> None:
    """Once a worker stands, and before a run is launched from the command line."""
    methods_publish(
        {**asdict(method), "sizes": {family: list(sizes(family)) for family in method.families}} for method in methods()
    )
