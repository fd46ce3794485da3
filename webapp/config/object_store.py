"""Django's settings of an S3 store; the keys and the region come from the environment, as boto3 reads them."""

from typing import Any
from urllib.parse import urlsplit

SPOOLED_ABOVE = 8 * 2**20


def object_store(url: str, *, endpoint: str | None) -> dict[str, Any]:
    """The storage of `s3://bucket`, at Amazon or at an endpoint of your own."""
    from botocore.config import Config  # a quarter of a second that the embedded default does not pay

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": urlsplit(url).netloc,
            "endpoint_url": endpoint,
            # Its default keeps a whole film in memory while it is read.
            "max_memory_size": SPOOLED_ABOVE,
            "client_config": Config(
                signature_version="s3v4",
                # A server of one's own has no name for each bucket.
                s3={"addressing_style": "path" if endpoint else "auto"},
                # boto3's new trailing checksums are refused by servers that are not Amazon's; the key is a checksum already.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }
