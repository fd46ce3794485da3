"""REST of looks: ask a model about one frame, and read what it found."""

from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import FROZEN_READ, PRELABEL_RUN
from webapp.core.access import WorkspaceView
from webapp.core.errors import DomainError
from webapp.edge.look_serializers import ModelLookSerializer, ModelLookWriteSerializer
from webapp.edge.looks import look_create, looks_of
from webapp.footage.selectors import frames_of
from webapp.registry.selectors import models_of


class ModelLookList(WorkspaceView):
    rights = {"POST": PRELABEL_RUN}

    @extend_schema(request=ModelLookWriteSerializer, responses={201: ModelLookSerializer})
    def post(self, request: Request) -> Response:
        """Queue the question; the same one again is answered by what is known."""
        wanted = ModelLookWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        frame = frames_of(self.workspace).filter(id=wanted.validated_data["frame"]).first()
        model = models_of(self.workspace).filter(id=wanted.validated_data["model"]).first()
        if frame is None or model is None:
            field = "frame" if frame is None else "model"
            raise DomainError("unknown_object", f"There is no such {field} here.", fields={field: "Unknown."})
        return Response(ModelLookSerializer(look_create(frame, model, created_by=self.user)).data, status=201)


class ModelLookDetail(WorkspaceView):
    # A model's word on a frame would give a blind trial there away: for everybody but annotators.
    rights = {"GET": FROZEN_READ}

    @extend_schema(responses=ModelLookSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(ModelLookSerializer(get_object_or_404(looks_of(self.workspace), pk=pk)).data)
