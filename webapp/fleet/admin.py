"""Stock admin of the fleet. Tokens are not shown: only their hashes are kept."""

from django.contrib import admin

from webapp.core.admin import GrowingAdmin, LargeTableAdmin, ReadOnlyAdmin
from webapp.fleet.models import (
    Alarm,
    Command,
    Device,
    DeviceToken,
    Heartbeat,
    Release,
    Rollout,
    Sighting,
    TriggerCampaign,
    Uplink,
)


@admin.register(Device)
class DeviceAdmin(LargeTableAdmin[Device]):
    list_display = ["name", "workspace", "vehicle", "model_version", "last_seen_at"]
    list_filter = ["workspace"]
    search_fields = ["name", "vehicle"]


@admin.register(DeviceToken)
class DeviceTokenAdmin(ReadOnlyAdmin[DeviceToken]):
    list_display = ["device", "created_at", "expires_at", "revoked_at"]
    search_fields = ["device__name"]
    exclude = ["digest"]


@admin.register(Heartbeat)
class HeartbeatAdmin(GrowingAdmin[Heartbeat]):
    list_display = ["device", "at", "model_version", "frames", "alarms", "errors"]
    search_fields = ["device__name"]


@admin.register(Alarm)
class AlarmAdmin(GrowingAdmin[Alarm]):
    list_display = ["device", "kind", "source", "at", "verdict"]
    search_fields = ["device__name"]
    list_filter = ["kind", "source", "verdict"]


@admin.register(Uplink)
class UplinkAdmin(GrowingAdmin[Uplink]):
    list_display = ["key", "device", "state", "trigger", "at"]
    search_fields = ["device__name"]
    list_filter = ["state"]


@admin.register(Command)
class CommandAdmin(ReadOnlyAdmin[Command]):
    list_display = ["device", "kind", "state", "issued_at", "ended_at"]
    search_fields = ["device__name"]
    list_filter = ["state", "kind"]


@admin.register(TriggerCampaign)
class TriggerCampaignAdmin(ReadOnlyAdmin[TriggerCampaign]):
    list_display = ["text", "workspace", "state"]
    search_fields = ["text"]


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin[Release]):
    list_display = ["version", "workspace", "size", "created_at"]
    search_fields = ["version"]


@admin.register(Rollout)
class RolloutAdmin(ReadOnlyAdmin[Rollout]):
    list_display = ["release", "workspace", "state", "reason"]
    search_fields = ["release__version"]


@admin.register(Sighting)
class SightingAdmin(GrowingAdmin[Sighting]):
    list_display = ["key", "device", "at", "filled_at"]
    search_fields = ["key"]
    exclude = ["frames", "filled"]
