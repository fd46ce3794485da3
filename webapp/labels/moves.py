"""Which change a box allows in which state, and what it becomes: the one table."""

from webapp.labels.models import Box, BoxEvent

PENDING, ACCEPTED, EDITED, REJECTED, CANDIDATE, DISMISSED = (
    Box.State.PENDING,
    Box.State.ACCEPTED,
    Box.State.EDITED,
    Box.State.REJECTED,
    Box.State.MISSED_CANDIDATE,
    Box.State.DISMISSED,
)

MOVES: dict[str, dict[str, str]] = {
    "accept": {PENDING: ACCEPTED, CANDIDATE: ACCEPTED, REJECTED: ACCEPTED, DISMISSED: ACCEPTED, EDITED: EDITED},
    "reject": {PENDING: REJECTED, ACCEPTED: REJECTED, EDITED: REJECTED, CANDIDATE: DISMISSED},
    "dismiss": {CANDIDATE: DISMISSED},
    "restore": {ACCEPTED: PENDING, EDITED: PENDING, REJECTED: PENDING, DISMISSED: CANDIDATE},
    "relabel": {PENDING: EDITED, CANDIDATE: EDITED, ACCEPTED: EDITED, EDITED: EDITED},
    "reshape": {PENDING: EDITED, CANDIDATE: EDITED, ACCEPTED: EDITED, EDITED: EDITED},
    # The label stands as it is until a second person has looked.
    "unsure": {
        PENDING: ACCEPTED,
        CANDIDATE: DISMISSED,
        **{state: state for state in (ACCEPTED, EDITED, REJECTED, DISMISSED)},
    },
    "flag": {state: state for state in (PENDING, CANDIDATE, ACCEPTED, EDITED)},
}

EVENT_KINDS: dict[str, str] = {
    "accept": BoxEvent.Kind.ACCEPTED,
    "reject": BoxEvent.Kind.REJECTED,
    "dismiss": BoxEvent.Kind.DISMISSED,
    "restore": BoxEvent.Kind.RESTORED,
    "relabel": BoxEvent.Kind.RELABELLED,
    "reshape": BoxEvent.Kind.RESHAPED,
    "unsure": BoxEvent.Kind.UNSURE,
    "flag": BoxEvent.Kind.FLAGGED,
}


def next_state(kind: str, box: Box) -> str | None:
    """The state after a change; None when the change is not allowed. What a person drew stays accepted when changed again."""
    state = MOVES[kind].get(box.state)
    if box.source == Box.Source.HUMAN and state in (PENDING, EDITED):
        return ACCEPTED
    return state
