"""Day or night: what somebody noted of the drive, else what the frame's picture showed when it came in (`scene`)."""

from collections.abc import Iterable

from django.db.models import Q

from webapp.footage.models import Frame

LIGHTS = ("day", "night")
LIGHTS_OR_UNKNOWN = (*LIGHTS, "unknown")
DARK = ("night", "dusk", "dawn")


def light_of(noted: str, measured: str | None = None) -> str:
    """Day, night (with dusk and dawn), or unknown."""
    said = noted or measured or ""
    if not said:
        return "unknown"
    return "night" if any(word in said.lower() for word in DARK) else "day"


def by_light(light: str, at: str = "") -> Q:
    """The frames of this light, as `light_of` tells it; `at` is the way from the row to its frame, as `frame__`."""
    noted = f"{at}drive__time_of_day"
    unnoted, dark = Q(**{noted: ""}), Q()
    for word in DARK:
        dark |= Q(**{f"{noted}__icontains": word})
    of_drive = dark if light == "night" else ~dark & ~unnoted
    return of_drive | (unnoted & Q(**{f"{at}scene__time_of_day": light}))


def measured_in(drives: Iterable[int]) -> dict[tuple[int, str], str]:
    """What the pictures of these drives showed, by drive and sha256."""
    frames = Frame.objects.filter(drive__in=drives, scene__time_of_day__isnull=False)
    rows = frames.values_list("drive", "sha256", "scene__time_of_day")
    return {(drive, sha256): light for drive, sha256, light in rows}
