"""The embedded broker's message files, read with care.

A crash may leave one that is empty or cut, and a worker may come to one that is being written. kombu throws the parser's error at the worker, which
dies of it. The message is dropped instead: the truth is the job's row, and whoever looks after rows rings again (docs/decisions/002).
"""

import logging
from queue import Empty
from typing import Any

from kombu.transport import filesystem

log = logging.getLogger(__name__)


class CarefulChannel(filesystem.Channel):
    """kombu's own, but that a message nobody can read is none."""

    def _get(self, queue: Any, timeout: Any = None) -> Any:
        try:
            return super()._get(queue)  # type: ignore[no-untyped-call]  # kombu has no types
        except ValueError as error:
            log.warning("A message of queue %s cannot be read (%s) and is dropped.", queue, error)
            raise Empty from error


filesystem.Transport.Channel = CarefulChannel
