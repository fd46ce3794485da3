"""What leaves the house goes to public hosts alone, whatever a name says, and is resolved once."""

import http.server
import socket
import threading

import pytest

from webapp.core import outbound
from webapp.core.outbound import OutboundRefused, addresses_of, outbound_check, outbound_post

INSIDE = (
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "::ffff:127.0.0.1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
)


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused(monkeypatch, address):
    """One public address beside it does not help."""
    rows = [(0, 0, 0, "", (a, 443)) for a in ("93.184.215.14", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(OutboundRefused, match="not a public address"):
        addresses_of("hook.example.org", 443)


def test_a_public_one_is_let_through(monkeypatch):
    rows = [(0, 0, 0, "", ("93.184.215.14", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    assert addresses_of("hook.example.org", 443) == ["93.184.215.14"]


WRONG = ("ftp://a.org/", "file:///etc/passwd", "https://", "//a.org", "https://u:p@a.org/", "https://a.org/\r\nX: 1")


@pytest.mark.parametrize("url", [*WRONG, "https://a.org:99999/", "https://a.org:0/", "https://[::1/", "http://ä.org/"])
def test_what_is_no_address_is_named(url):
    with pytest.raises(OutboundRefused):
        outbound_check(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1"])
def test_this_machine_is_not_reached_however_it_is_written(host):
    with pytest.raises(OutboundRefused):
        outbound_post(f"http://{host}:9/", b"", {})


class TestAnswers:
    @pytest.fixture
    def address(self, settings):
        """A receiver on this machine, which the operator allowed by name; it sends everyone elsewhere."""
        settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]

        class Elsewhere(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(302)
                self.send_header("Location", "http://169.254.169.254/")
                self.end_headers()
                self.wfile.write(b"x" * 5000)

            def log_message(self, *_):
                """Quiet."""

        server = http.server.HTTPServer(("127.0.0.1", 0), Elsewhere)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/in?x=1"
        server.shutdown()

    def test_a_redirect_is_an_answer_and_is_not_followed(self, address):
        answer = outbound_post(address, b"{}", {})
        assert (answer.status, len(answer.text)) == (302, outbound.MOST_READ)

    def test_the_name_is_resolved_once(self, address, monkeypatch):
        asked = []
        real = socket.getaddrinfo

        def counted(host, *args, **kwargs):
            asked.append(host)
            return real(host, *args, **kwargs)

        monkeypatch.setattr(outbound.socket, "getaddrinfo", counted)
        outbound_post(address, b"{}", {})
        assert asked[0] == "127.0.0.1"
        assert set(asked[1:]) <= {"127.0.0.1"}  # create_connection is given the number, never the name again
