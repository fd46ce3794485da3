"""What the fleet needs done by itself, every few seconds: orders expire, half-sent frames are forgotten, frames that stayed are filled, rollouts move."""

from webapp.fleet.commands import commands_expire
from webapp.fleet.models import Uplink
from webapp.fleet.platform_alarm import settle
from webapp.fleet.rollouts import rollouts_tick
from webapp.fleet.services import heartbeats_forget
from webapp.fleet.sightings import sightings_tick
from webapp.fleet.uplinks import uplinks_tick


def fleet_tick() -> dict[str, int]:
    """How much of each was done."""
    forgotten = {"expired_commands": commands_expire(), "old_heartbeats": heartbeats_forget()}
    # A job labels hundreds of frames: an alarm's verdict does not wait for the last of them.
    settled = settle(Uplink.objects.filter(state=Uplink.State.RECEIVED, frame__isnull=False))
    return {**forgotten, "settled_uplinks": settled, **uplinks_tick(), **sightings_tick(), **rollouts_tick()}
