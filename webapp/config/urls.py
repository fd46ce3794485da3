"""All paths: the API, the login API, the stock admin, and the page for everything else."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from webapp.accounts.addresses import addresses_closed
from webapp.core.health import live, ready
from webapp.core.metrics import metrics
from webapp.core.page import page

API_APPS = (
    "accounts",
    "taxonomy",
    "registry",
    "footage",
    "labels",
    "risk",
    "audit",
    "review",
    "blind",
    "consensus",
    "autoaccept",
    "exchange",
    "team",
    "explore",
    "datasets",
    "jobs",
    "fleet",
    "edge",
    "training",
    "dashboards",
    "webhooks",
    "control",
)

# Its own form asks for a password alone: whoever has a second step logs in as for everything else.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    *(path("api/v1/", include(f"webapp.{app}.urls")) for app in API_APPS),
    path("_allauth/<str:client>/v1/account/email", addresses_closed),
    path("_allauth/", include("allauth.headless.urls")),
    path("accounts/", include("allauth.urls")),
    path("django-admin/", admin.site.urls),
    path("health/live", live),
    path("health/ready", ready),
    path("metrics", metrics),
    re_path(r"^(?!api/|static/|django-admin/|_allauth/).*$", page, name="page"),
]
