"""REST of the model registry."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import MODEL_WRITE, READ
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceDetailView, WorkspaceListView
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import models_of
from webapp.registry.serializers import ModelVersionSerializer
from webapp.registry.services import model_register


class ModelList(WorkspaceListView[ModelVersion]):
    queryset = ModelVersion.objects.none()
    serializer_class = ModelVersionSerializer
    rights = {"GET": READ, "POST": MODEL_WRITE}

    def get_queryset(self) -> QuerySet[ModelVersion]:
        return models_of(self.workspace)

    @extend_schema(request=ModelVersionSerializer, responses={201: ModelVersionSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        wanted = ModelVersionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        model = model_register(workspace=self.workspace, **wanted.validated_data)
        return Response(ModelVersionSerializer(model).data, status=201)


class ModelDetail(WorkspaceDetailView[ModelVersion]):
    queryset = ModelVersion.objects.none()
    serializer_class = ModelVersionSerializer

    def get_queryset(self) -> QuerySet[ModelVersion]:
        return models_of(self.workspace)
