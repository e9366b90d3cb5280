"""Machine code on disk, keyed by source, architecture and compiler. Any number of processes may use one folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
import warnings
from pathlib import Path

from ._compiler import compiler

_DIGEST = hashlib.sha256().digest_size

def folder() -> Path:
    """SERRATE_CACHE, or `serrate` in the user's cache folder."""
    if "SERRATE_CACHE" in os.environ:
        return Path(os.environ["SERRATE_CACHE"])
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "serrate"

def _place(kernel: str, source: str, architecture: str) -> Path:
    key = "\0".join([source, architecture, compiler().name]).encode()
    return folder() / f"{kernel}-{architecture}-{hashlib.sha256(key).hexdigest()[:24]}.cubin"

def _read(place: Path) -> bytes | None:
    """A file whose own digest does not fit counts as none."""
    try:
        data = place.read_bytes()
    except OSError:
        return None
    digest, cubin = data[:_DIGEST], data[_DIGEST:]
    return cubin if cubin and hashlib.sha256(cubin).digest() == digest else None

def _write(place: Path, cubin: bytes) -> None:
    """Whole or not at all: written beside its place, then renamed."""
    temporary = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=place.stem, suffix=".tmp", delete=False) as file:
            temporary = file.name
            file.write(hashlib.sha256(cubin).digest() + cubin)
        os.replace(temporary, place)
    except OSError as error:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
        warnings.warn(f"serrate_kernels cannot keep {place.name}: {error}. Set SERRATE_CACHE to a folder that can be written", RuntimeWarning, stacklevel=2)

def cubin_of(kernel: str, source: str, architecture: str) -> bytes:
    """From the cache, or compiled now."""
    place = _place(kernel, source, architecture)
    found = _read(place)
    if found is not None:
        return found
    cubin = compiler().compile(kernel, source, architecture)
    _write(place, cubin)
    return cubin
