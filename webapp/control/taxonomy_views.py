"""REST of changing taxonomies: the plan first, then the change, and the way back."""

from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import WORKSPACE_MANAGE
from webapp.control.models import TaxonomyChange
from webapp.control.serializers import (
    PlannedChangeSerializer,
    TaxonomyChangeSerializer,
    TaxonomyChangeWriteSerializer,
)
from webapp.control.taxonomy_change import change_ask, undo_ask
from webapp.control.taxonomy_plan import plan_of, wanted_of
from webapp.core.access import WorkspaceView
from webapp.core.idempotency import idempotent
from webapp.taxonomy.models import Taxonomy
from webapp.taxonomy.selectors import taxonomies_of


class TaxonomyChanges(WorkspaceView):
    rights = {"*": WORKSPACE_MANAGE}

    @extend_schema(responses=TaxonomyChangeSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The latest fifty, newest first."""
        changes = self._taxonomy(pk).changes.select_related("asked_by", "job").order_by("-id")[:50]
        return Response({"results": TaxonomyChangeSerializer(changes, many=True).data})

    @extend_schema(
        request=TaxonomyChangeWriteSerializer, responses={200: PlannedChangeSerializer, 201: PlannedChangeSerializer}
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """What a rename, merge or split would do; without `dry_run` a job does it."""
        asked = TaxonomyChangeWriteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        taxonomy, values = self._taxonomy(pk), dict(asked.validated_data)
        kind, dry_run = values.pop("kind"), values.pop("dry_run")
        wanted = wanted_of(taxonomy, kind, values)
        if dry_run:
            return Response(PlannedChangeSerializer({"plan": plan_of(taxonomy, wanted), "change": None}).data)
        change = change_ask(taxonomy, wanted, by=self.user)
        return Response(PlannedChangeSerializer({"plan": change.plan, "change": change}).data, status=201)

    def _taxonomy(self, pk: int) -> Taxonomy:
        return get_object_or_404(taxonomies_of(self.workspace), pk=pk)


class TaxonomyUndo(WorkspaceView):
    rights = {"*": WORKSPACE_MANAGE}

    @extend_schema(request=None, responses=TaxonomyChangeSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """A job takes it back. 409 when a version was frozen since, or the taxonomy was changed again."""
        mine = TaxonomyChange.objects.filter(taxonomy__workspace=self.workspace)
        return Response(TaxonomyChangeSerializer(undo_ask(get_object_or_404(mine, pk=pk), by=self.user)).data)
