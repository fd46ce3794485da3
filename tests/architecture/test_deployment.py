"""What is deployed is what `make run` runs: the compose file's commands are the Procfile's."""

import yaml
from honcho.environ import parse_procfile

from tests.conftest import REPOSITORY

COMPOSE = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())["services"]
PROCESSES = parse_procfile((REPOSITORY / "Procfile").read_text()).processes
OF_A_CARD = {"trainer-gpu": "trainer"}
OTHERS = {"migrate", "db", "broker"}  # a step before, and the servers in place of the embedded parts


def test_every_process_is_a_service_with_the_same_command():
    assert COMPOSE.keys() - OTHERS - OF_A_CARD.keys() == PROCESSES.keys()
    for name in COMPOSE.keys() - OTHERS:
        shell, flag, command = COMPOSE[name]["command"]
        assert (shell, flag) == ("sh", "-c")
        # `$$` is how the compose file writes a `$` that is the shell's.
        assert command.replace("$$", "$") == PROCESSES[OF_A_CARD.get(name, name)], name


def test_nothing_starts_on_an_older_database_and_the_web_answers_outside_its_container():
    for name in COMPOSE.keys() - OTHERS:
        assert COMPOSE[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert COMPOSE[name]["environment"]["BIND"] == "0.0.0.0"
        assert COMPOSE[name]["restart"] == "unless-stopped"
    assert COMPOSE["web"]["ports"] == [f"8000:{COMPOSE['web']['environment']['PORT']}"]


def test_the_servers_are_waited_for_by_their_health():
    for name in ("db", "broker", "web"):
        assert COMPOSE[name]["healthcheck"]["test"]
    assert COMPOSE["db"]["volumes"], "the database lies in a volume"
