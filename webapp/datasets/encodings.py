"""Content codings of an export: zstd or gzip while it is sent, as the client accepts them. zstd comes with pyarrow, gzip with Python."""

import zlib
from collections.abc import Callable, Iterator

import pyarrow as pa

from webapp.core.pipe import Pipe

GZIP_LEVEL = 1  # level 6 takes three times as long for a tenth less
CODINGS = ("zstd", "gzip")  # as we prefer them where the client does not


def chosen_coding(accepted: str) -> str | None:
    """The coding that an `Accept-Encoding` header likes best; None for the bytes as they are."""
    weights = dict(_weighed(accepted))
    best = max(CODINGS, key=lambda coding: weights.get(coding, weights.get("*", 0.0)))
    weight = weights.get(best, weights.get("*", 0.0))
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None


def encoded(pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """The pieces in this coding; the same pieces give the same bytes."""
    return {"gzip": _gzip, "zstd": _zstd}[coding](pieces)


def _weighed(accepted: str) -> Iterator[tuple[str, float]]:
    for part in filter(None, (part.strip().lower() for part in accepted.split(","))):
        name, _, weight = part.partition(";")
        try:
            yield name.strip(), float(weight.partition("=")[2]) if weight else 1.0
        except ValueError:
            yield name.strip(), 0.0


def _gzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(GZIP_LEVEL, wbits=zlib.MAX_WBITS | 16)
    yield from _flushed_first(pieces, packer.compress, lambda: packer.flush(zlib.Z_SYNC_FLUSH))
    yield packer.flush()


def _zstd(pieces: Iterator[bytes]) -> Iterator[bytes]:
    sink = Pipe()
    packer = pa.CompressedOutputStream(pa.PythonFile(sink, mode="w"), "zstd")

    def compress(piece: bytes) -> bytes:
        packer.write(piece)
        return sink.take()

    def flush() -> bytes:
        packer.flush()
        return sink.take()

    yield from _flushed_first(pieces, compress, flush)
    packer.close()
    yield sink.take()


def _flushed_first(
    pieces: Iterator[bytes], compress: Callable[[bytes], bytes], flush: Callable[[], bytes]
) -> Iterator[bytes]:
    """What comes out for each piece. The first is flushed, so that the client sees a byte at once."""
    for number, piece in enumerate(pieces):
        packed = compress(piece)
        if number == 0:
            packed += flush()
        if packed:
            yield packed
