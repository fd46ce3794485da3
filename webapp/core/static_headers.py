"""Headers of static files that need others than the page's."""

from wsgiref.headers import Headers

# WebAssembly needs 'wasm-unsafe-eval', which the page's own policy does not grant. A worker has the policy that its script came with: this one alone may compile,
# and it has no document, no cookies to read and no other origin to talk to.
DETECTOR = "assets/detector.worker-"
DETECTOR_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"


def add_headers(headers: Headers, path: str, url: str) -> None:
    """Called by whitenoise for each static file."""
    if DETECTOR in url:
        headers["Content-Security-Policy"] = DETECTOR_POLICY
