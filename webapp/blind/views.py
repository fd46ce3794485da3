"""REST of blind trials: the mix, gold frames, and what was measured. For leads alone; nobody reads a single trial."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import AUDIT_REVIEW
from webapp.blind import selectors, services
from webapp.blind.sensitivity import sensitivity_report
from webapp.blind.serializers import AuditMixSerializer, GoldFrameSerializer, SensitivitySerializer
from webapp.core.access import WorkspaceView
from webapp.footage.models import Frame
from webapp.labels.selectors import frame_in


class Mix(WorkspaceView):
    rights = {"*": AUDIT_REVIEW}

    @extend_schema(responses=AuditMixSerializer)
    def get(self, request: Request) -> Response:
        return Response(AuditMixSerializer(selectors.mix_of(self.workspace)).data)

    @extend_schema(request=AuditMixSerializer, responses=AuditMixSerializer)
    def patch(self, request: Request) -> Response:
        """How many of the claimed frames carry a seeded error, and how many are gold, from now on."""
        wanted = AuditMixSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        mix = services.mix_set(self.workspace, by=self.user, **wanted.validated_data)
        return Response(AuditMixSerializer(mix).data)


class Sensitivity(WorkspaceView):
    rights = {"*": AUDIT_REVIEW}

    @extend_schema(responses=SensitivitySerializer)
    def get(self, request: Request) -> Response:
        """How many of the errors put before them auditors found, each and together."""
        return Response(sensitivity_report(self.workspace))


class GoldFrames(WorkspaceView):
    rights = {"*": AUDIT_REVIEW}

    @extend_schema(responses=GoldFrameSerializer(many=True))
    def get(self, request: Request) -> Response:
        gold = selectors.gold_frames(self.workspace)
        return Response({"results": GoldFrameSerializer(gold, many=True).data})


class FrameGold(WorkspaceView):
    rights = {"*": AUDIT_REVIEW}

    @extend_schema(request=None, responses=GoldFrameSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Vouch for an audited frame: it is given to annotators to be answered. Again it changes nothing. 409 `not_audited`."""
        return Response(GoldFrameSerializer(services.gold_mark(self._frame(pk), marked_by=self.user)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.gold_unmark(self._frame(pk))
        return Response(status=204)

    def _frame(self, pk: int) -> Frame:
        frame = frame_in(self.workspace, pk)
        if frame is None:
            raise Http404
        return frame
