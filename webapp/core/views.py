"""List and detail views inside a workspace, as thin as they can be."""

from typing import Any, TypeVar

from django.db.models import Model
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.serializers import BaseSerializer

from webapp.core.access import WorkspaceView

M = TypeVar("M", bound=Model)


class WorkspaceGenericView(WorkspaceView, GenericAPIView[M]):
    """A generic view whose `get_queryset` starts from the workspace, so that a stranger's object is 404."""

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[M]:
        """`?fields=a,b` keeps only those members."""
        serializer = super().get_serializer(*args, **kwargs)
        if wanted := self.request.query_params.get("fields"):
            inner: Any = getattr(serializer, "child", serializer)
            for name in set(inner.fields) - set(wanted.split(",")):
                inner.fields.pop(name)
        return serializer

    def chosen(self, rows: Any) -> list[dict[str, Any]]:
        """`?fields=` for rows that are rendered already."""
        wanted = self.request.query_params.get("fields", "")
        return [{k: v for k, v in row.items() if not wanted or k in wanted.split(",")} for row in rows]


class WorkspaceListView(WorkspaceGenericView[M], ListAPIView[M]):
    """A page of the workspace's rows."""


class WorkspaceDetailView(WorkspaceGenericView[M], RetrieveAPIView[M]):
    """One of the workspace's rows."""
