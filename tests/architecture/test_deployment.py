"""What is deployed is what `make run` runs: the compose file's commands are the Procfile's, and each service is bounded, watched and closed."""

import re

import pytest
import yaml
from honcho.environ import parse_procfile

from tests.conftest import REPOSITORY

TEXT = (REPOSITORY / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)["services"]
PROCESSES = parse_procfile((REPOSITORY / "Procfile").read_text()).processes
# Which process of the Procfile a service is, where it has another name.
IS = {
    "default": "worker",
    "ingest": "worker",
    "prelabel": "worker",
    "prelabel-gpu": "worker",
    "trainer-gpu": "trainer",
}
SERVERS = {"nginx", "db", "broker", "objects"}  # in place of the embedded parts
OURS = COMPOSE.keys() - SERVERS - {"migrate"}  # a step before
LASTING = COMPOSE.keys() - {"migrate"}


def test_every_process_is_a_service_with_the_same_command():
    assert {IS.get(name, name) for name in OURS} == PROCESSES.keys()
    for name in OURS:
        shell, flag, command = COMPOSE[name]["command"]
        assert (shell, flag) == ("sh", "-c")
        # `$$` is how the compose file writes a `$` that is the shell's.
        assert command.replace("$$", "$") == PROCESSES[IS.get(name, name)], name


def test_every_queue_has_a_worker_and_no_worker_a_queue_that_nobody_fills():
    from webapp.config.settings import CELERY_TASK_QUEUES

    served = {COMPOSE[name]["environment"]["WORKER_QUEUES"] for name in OURS if IS.get(name) == "worker"}
    trained = re.findall(r"-Q (\w+)", PROCESSES["trainer"])
    assert served | set(trained) == {queue.name for queue in CELERY_TASK_QUEUES}


def test_nothing_starts_on_an_older_database_and_the_web_answers_outside_its_container():
    for name in OURS:
        assert COMPOSE[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert COMPOSE[name]["environment"]["BIND"] == "0.0.0.0"
    port = COMPOSE["web"]["environment"]["PORT"]
    assert f"server web:{port};" in (REPOSITORY / "deploy" / "nginx.conf").read_text()
    assert [name for name in COMPOSE if "ports" in COMPOSE[name]] == ["nginx"], "one door"


@pytest.mark.parametrize("name", sorted(LASTING))
def test_a_service_is_watched_bounded_pinned_and_comes_back(name):
    service = COMPOSE[name]
    assert {"test", "interval", "timeout"} <= service["healthcheck"].keys()
    assert {"mem_limit", "cpus", "pids_limit"} <= service.keys()
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}, "logs fill no disk"
    assert service["restart"] == "unless-stopped"
    assert re.search(r":(\d+\.\d+|\$\{HEADWAY_VERSION:\?)", service["image"]), "a version, not what is newest today"
    for needed in set(service.get("depends_on", {})) - {"migrate"}:
        assert service["depends_on"][needed] == {"condition": "service_healthy"}


def test_what_lasts_lies_in_a_volume():
    declared = yaml.safe_load(TEXT)["volumes"].keys()
    for name, volume in {"db": "db", "objects": "objects", "web": "state"}.items():
        assert volume in declared
        assert any(line.startswith(f"{volume}:/") for line in COMPOSE[name]["volumes"])


def test_no_secret_has_a_default():
    """Each is given from outside, and nothing starts without it."""
    secrets = {"SECRET_KEY", "POSTGRES_PASSWORD", "BROKER_PASSWORD", "STORAGE_SECRET"}
    assert {name for name in secrets if f"${{{name}:?" in TEXT} == secrets
    assert not re.search(rf"\$\{{({'|'.join(secrets)}):?-", TEXT)
    for service in COMPOSE.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET", name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]*\}", value), name
            # A password within an address is a variable too.
            assert not re.search(r"://[^:/@$]*:(?!\$\{)[^@]*@", str(value)), name


def test_cards_are_for_who_asks():
    for name in COMPOSE:
        card = "deploy" in COMPOSE[name]
        assert COMPOSE[name].get("profiles") == (["gpu"] if card else None)
        assert card == name.endswith("-gpu")
