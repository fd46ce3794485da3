"""Typed readers of the environment, and the folder that holds the embedded state."""

from pathlib import Path

import environ

REPOSITORY = Path(__file__).resolve().parents[2]

env = environ.Env()
# Real variables win over the file, so that a service manager has the last word.
environ.Env.read_env(REPOSITORY / ".env", overwrite=False)

# The embedded database, media, broker and secret live here; several homes run side by side.
HOME = Path(env.str("HEADWAY_HOME", default=str(REPOSITORY / "var"))).resolve()


def embedded_secret() -> str:
    """The signing key of an embedded home: random, made once, readable by its owner alone."""
    import secrets

    path = HOME / "secret_key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()
