"""REST of what a version tells: its card, its lineage, how it differs from another; and proposals of splits."""

from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import DATASET_WRITE, FROZEN_READ
from webapp.audit.serializers import SetBoundSerializer
from webapp.audit.set_bound import version_bound
from webapp.core.access import WorkspaceView
from webapp.core.errors import DomainError
from webapp.datasets import selectors
from webapp.datasets.card_markdown import card_markdown
from webapp.datasets.comparing import changed_frames, comparison
from webapp.datasets.deleting import referrers_of
from webapp.datasets.models import DatasetVersion
from webapp.datasets.proposing import splits_propose
from webapp.datasets.splits import TRAIN_PSEUDO
from webapp.datasets.version_serializers import (
    CardSerializer,
    ComparedFrameSerializer,
    ComparisonQuerySerializer,
    LineageSerializer,
    SplitsSerializer,
    SplitsWriteSerializer,
    VersionComparisonSerializer,
)
from webapp.footage.selectors import drives_of

MARKDOWN = OpenApiParameter("as", str, enum=["markdown"], description="As a file for a repository, in place of JSON.")
DAY_S = 86_400


class FrozenVersionView(WorkspaceView):
    def version(self, pk: int) -> DatasetVersion:
        return selectors.frozen(get_object_or_404(selectors.versions_of(self.workspace), pk=pk))


class VersionCard(FrozenVersionView):
    @extend_schema(parameters=[MARKDOWN], responses=CardSerializer)
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The data card, counted when the version was frozen."""
        version = self.version(pk)
        if not version.card:
            raise DomainError("no_card", "This version was frozen before there were data cards.", status=404)
        if request.query_params.get("as") == "markdown":
            return HttpResponse(card_markdown(version), content_type="text/markdown; charset=utf-8")
        return Response(CardSerializer(version.card).data)


class VersionBound(FrozenVersionView):
    @extend_schema(responses=SetBoundSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How many of its audited labels may be wrong, by the samples of its drives together, as they were when it was frozen."""
        drives = self.version(pk).version_drives.select_related("drive").order_by("id").exclude(split=TRAIN_PSEUDO)
        return Response(version_bound([(place.drive.name, place.bound) for place in drives]))


class VersionLineage(FrozenVersionView):
    @extend_schema(responses=LineageSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The versions before it, and what was made of it."""
        version = self.version(pk)
        before = version.dataset.versions.filter(number__lt=version.number, state=DatasetVersion.State.FROZEN)
        previous = list(before.order_by("-number").values("id", "number", "digest"))
        return Response(LineageSerializer({"previous": previous, "used_by": referrers_of(version)}).data)


class VersionComparison(FrozenVersionView):
    @extend_schema(parameters=[ComparisonQuerySerializer], responses=VersionComparisonSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What came, went and changed from this version to the version `to`. Two versions never change, so it is counted once."""
        old, new, _ = self.asked(request, pk)
        key = f"version-comparison:{old.id}:{old.digest}:{new.id}:{new.digest}"
        return Response(VersionComparisonSerializer(cache.get_or_set(key, lambda: comparison(old, new), DAY_S)).data)

    def asked(self, request: Request, pk: int) -> tuple[DatasetVersion, DatasetVersion, dict[str, Any]]:
        query = ComparisonQuerySerializer(data=request.query_params)
        old = get_object_or_404(selectors.versions_of(self.workspace), pk=pk)
        query.is_valid(raise_exception=True)
        return selectors.frozen(old), self.version(query.validated_data["to"]), query.validated_data


class VersionComparisonFrames(VersionComparison):
    rights = {"GET": FROZEN_READ}

    @extend_schema(parameters=[ComparisonQuerySerializer], responses=ComparedFrameSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The frames of one kind, `size` of them from the `start`-th on; `frame` is where each can be looked at now."""
        old, new, values = self.asked(request, pk)
        rows = changed_frames(old, new, values["kind"], start=values["start"], size=values["size"])
        found = selectors.frames_by_content(self.workspace, [row["sha256"] for row in rows])
        return Response(
            ComparedFrameSerializer([{**row, "frame": found.get(row["sha256"])} for row in rows], many=True).data
        )


class DatasetSplits(WorkspaceView):
    rights = {"POST": DATASET_WRITE}

    @extend_schema(request=SplitsWriteSerializer, responses=SplitsSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Proposes a split for each drive, and reports how far each share is off. Writes nothing; the same seed proposes the same."""
        dataset = get_object_or_404(selectors.datasets_of(self.workspace), pk=pk)
        wanted = SplitsWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        drives = drives_of(self.workspace).filter(taxonomy=dataset.taxonomy_id)
        if chosen := values.pop("drives"):
            drives = drives.filter(id__in=chosen)
        return Response(SplitsSerializer(splits_propose(list(drives), **values)).data)
