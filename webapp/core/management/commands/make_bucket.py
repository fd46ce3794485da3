"""`manage.py make_bucket`: the bucket that STORAGE_URL names, where it is missing. Nothing to do with a folder."""

from typing import Any

from django.core.files.storage import storages
from django.core.management.base import BaseCommand

UNNAMED = (None, "us-east-1", "aws-global")


class Command(BaseCommand):
    help = "Make the bucket of STORAGE_URL where it is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        store = storages["default"]
        if (bucket := getattr(store, "bucket", None)) is None:
            self.stdout.write("The store is a folder: there is no bucket to make.")
            return
        client = bucket.meta.client
        if bucket.name not in {each["Name"] for each in client.list_buckets()["Buckets"]}:
            region = client.meta.region_name
            # Amazon wants its first region unnamed and every other named.
            where = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region not in UNNAMED else {}
            client.create_bucket(Bucket=bucket.name, **where)
        self.stdout.write(f"The bucket {bucket.name} is there.")
