"""Files that nginx sends: the web process names them and is free again (`deploy/nginx.conf`)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpResponse

from webapp.core import storage


def handed_over(key: str, content_type: str) -> HttpResponse | None:
    """An empty response that tells nginx which file to send, in the asked range; None where no nginx stands before us.

    Raises: FileNotFoundError: the folder has no such file. What an object store lacks is its own 404: to ask it first would cost what is saved.
    """
    if not settings.NGINX_SENDS_FILES:
        return None
    if (path := storage.local_path(key)) is not None and not path.exists():
        raise FileNotFoundError(key)
    response = HttpResponse(content_type=content_type)
    response["X-Accel-Redirect"] = f"/_store/{key}" if path is not None else _signed(key)
    return response


def _signed(key: str) -> str:
    """The store's own signed address, without its host: nginx knows that."""
    address = urlsplit(default_storage.url(key))
    return f"/_objects{address.path}?{address.query}"
