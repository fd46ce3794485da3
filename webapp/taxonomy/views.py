"""REST of taxonomies."""

from django.db.models import QuerySet

from webapp.core.views import WorkspaceListView
from webapp.taxonomy.models import Taxonomy
from webapp.taxonomy.selectors import taxonomies_of
from webapp.taxonomy.serializers import TaxonomySerializer


class TaxonomyList(WorkspaceListView[Taxonomy]):
    queryset = Taxonomy.objects.none()
    serializer_class = TaxonomySerializer

    def get_queryset(self) -> QuerySet[Taxonomy]:
        return taxonomies_of(self.workspace)
