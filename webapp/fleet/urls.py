"""Paths of this app under `/api/v1/`: `fleet-...` and `devices/` for people, `device/` for devices."""

from django.urls import path

from webapp.fleet import device_views, views

urlpatterns = [
    path("devices/", views.Devices.as_view()),
    path("devices/<int:pk>/", views.DeviceDetail.as_view()),
    path("devices/<int:pk>/token/", views.TokenRotate.as_view()),
    path("devices/<int:pk>/revoke/", views.TokensRevoke.as_view()),
    path("devices/<int:pk>/commands/", views.DeviceCommands.as_view()),
    path("devices/<int:pk>/camera/", views.DeviceCamera.as_view()),
    path("fleet-orders/", views.FleetOrders.as_view()),
    path("fleet-commands/", views.CommandList.as_view()),
    path("fleet-commands/<uuid:pk>/cancel/", views.CommandCancel.as_view()),
    path("fleet-alarms/", views.AlarmList.as_view()),
    path("fleet-uplinks/", views.UplinkList.as_view()),
    path("fleet-sightings/", views.SightingList.as_view()),
    path("fleet-sightings/<int:pk>/", views.SightingDetail.as_view()),
    path("fleet-campaigns/", views.Campaigns.as_view()),
    path("fleet-campaigns/<int:pk>/state/", views.CampaignMove.as_view()),
    path("fleet-releases/", views.Releases.as_view()),
    path("fleet-rollouts/", views.Rollouts.as_view()),
    path("fleet-rollouts/<int:pk>/back/", views.RolloutBack.as_view()),
    path("fleet-simulations/", views.Simulations.as_view()),
    path("fleet-simulations/<uuid:pk>/timeline/", views.SimulationTimeline.as_view()),
    path("fleet-simulations/<uuid:pk>/pictures/<int:number>", views.SimulationPicture.as_view()),
    path("device/heartbeat/", device_views.Beat.as_view()),
    path("device/alarms/", device_views.Alarms.as_view()),
    path("device/uplinks/", device_views.Uplinks.as_view()),
    path("device/uplinks/<str:key>/", device_views.UplinkPart.as_view()),
    path("device/sightings/", device_views.Sightings.as_view()),
    path("device/commands/", device_views.Commands.as_view()),
    path("device/commands/<uuid:pk>/ack/", device_views.CommandAck.as_view()),
    path("device/releases/<int:pk>/file/", device_views.ReleaseFile.as_view()),
]
