"""REST of automatic acceptance: of one drive, what it may promise, on, and undone."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import AUDIT_REVIEW, READ
from webapp.autoaccept import services
from webapp.autoaccept.selectors import auto_accept, standing_certificate
from webapp.autoaccept.serializers import USUAL_ALPHA, USUAL_DELTA, AutoAcceptSerializer, PromiseSerializer
from webapp.control.acts import recorded
from webapp.core.access import WorkspaceView
from webapp.core.idempotency import idempotent
from webapp.footage.models import Drive
from webapp.footage.selectors import drives_of


class DriveAutoAccept(WorkspaceView):
    rights = {"GET": READ, "*": AUDIT_REVIEW}

    @extend_schema(responses=AutoAcceptSerializer, parameters=[PromiseSerializer])
    def get(self, request: Request, pk: int) -> Response:
        """The certificate that stands, or which categories could be accepted up to which risk at this promise."""
        wanted = PromiseSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return self._told(self._drive(pk), **wanted.validated_data)

    @extend_schema(request=PromiseSerializer, responses={201: AutoAcceptSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Accept the certified labels, by a job. 409 `nothing_certified`, `already_certified`."""
        wanted = PromiseSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        drive = self._drive(pk)
        with recorded("auto_accept.switched_on", drive, workspace=self.workspace, actor=self.user):
            services.certificate_issue(drive=drive, created_by=self.user, **wanted.validated_data)
        return self._told(drive, **wanted.validated_data, status=201)

    @extend_schema(responses=AutoAcceptSerializer)
    def delete(self, request: Request, pk: int) -> Response:
        """Undo it as a whole, by a job: what nobody took over waits again."""
        drive = self._drive(pk)
        certificate = standing_certificate(drive)
        if certificate is None:
            raise Http404
        with recorded("auto_accept.undone", drive, workspace=self.workspace, actor=self.user):
            services.certificate_withdraw(certificate, by=self.user)
        return self._told(drive, alpha=USUAL_ALPHA, delta=USUAL_DELTA)

    def _drive(self, pk: int) -> Drive:
        return get_object_or_404(drives_of(self.workspace), pk=pk)

    def _told(self, drive: Drive, *, alpha: float, delta: float, status: int = 200) -> Response:
        return Response(AutoAcceptSerializer(auto_accept(drive, alpha=alpha, delta=delta)).data, status=status)
