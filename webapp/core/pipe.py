"""What a packer writes, handed on while it is being written."""


class Pipe:
    """A file to write to, whose content is taken out piece by piece. It cannot seek."""

    closed = False

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Nothing lies below."""

    def close(self) -> None:
        self.closed = True

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken
