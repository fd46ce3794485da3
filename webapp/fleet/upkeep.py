"""What the fleet needs done by itself, every few seconds: orders expire, half-sent frames are forgotten, frames that stayed are filled, rollouts move."""

from webapp.fleet.commands import commands_expire
from webapp.fleet.rollouts import rollouts_tick
from webapp.fleet.services import heartbeats_forget
from webapp.fleet.sightings import sightings_tick
from webapp.fleet.uplinks import uplinks_tick


def fleet_tick() -> dict[str, int]:
    """How much of each was done."""
    forgotten = {"expired_commands": commands_expire(), "old_heartbeats": heartbeats_forget()}
    return {**forgotten, **uplinks_tick(), **sightings_tick(), **rollouts_tick()}
