"""Kernels on a device: compiled, loaded and launched."""

from __future__ import annotations

import ctypes
import threading

import torch

from . import _driver
from ._cache import cubin_of
from ._errors import UnavailableError
from ._manifest import Kernel

_lock = threading.Lock()

def architecture(device: int, kernel: Kernel) -> str:
    """The kernel's own name for the device's capability (sm_90a), else the plain one."""
    major, minor = torch.cuda.get_device_capability(device)
    plain = f"sm_{major}{minor}"
    return f"{plain}a" if f"{plain}a" in kernel.architectures else plain

class Loaded:
    """A kernel's entry points in one device's context."""

    def __init__(self, kernel: Kernel, device: int) -> None:
        self.kernel, self.device = kernel, device
        self.multiprocessors = torch.cuda.get_device_properties(device).multi_processor_count
        _driver.enter(device)
        self._module = _driver.load_module(cubin_of(kernel.name, kernel.text(), architecture(device, kernel)), kernel.name)
        self._functions = {entry: _driver.load_function(self._module, name, self._shared(entry)) for entry, name in kernel.entry_points.items()}

    def _shared(self, entry: str) -> int:
        return 0 if entry == "merge" else self.kernel.shared_bytes

    def launch(self, pointers: list[int], values: tuple[float, ...], sequences: int, max_tiles: int, heads: int, stream: int) -> None:
        """Queues tile builder, attention and merge, as far as the kernel has them."""
        kernel = self.kernel
        params = ctypes.create_string_buffer(kernel.params.pack(*pointers, *values), kernel.params.size)
        arguments = (ctypes.c_void_p * 1)(ctypes.addressof(params))
        blocks = max_tiles * heads * kernel.split
        each, most = kernel.builders
        grids = {"tiles": max(1, min(most, sequences // each)), "attention": min(blocks, self.multiprocessors) if kernel.persistent else blocks, "merge": blocks}
        for entry, function in self._functions.items():
            _driver.launch(function, grids[entry], kernel.threads[entry], self._shared(entry), stream, arguments, self.device)

_loaded: dict[tuple[str, int], Loaded] = {}

def loaded(kernel: Kernel, device: int) -> Loaded:
    """Compiled and loaded at the first call, which cannot be inside a CUDA graph's capture."""
    key = (kernel.file, device)
    found = _loaded.get(key)
    if found is not None:
        return found
    with _lock:
        if key not in _loaded:
            if torch.cuda.is_current_stream_capturing():
                raise UnavailableError(f"{kernel.name} is not loaded on cuda:{device} yet, and a CUDA graph is being captured. Call the function once with these shapes before the capture.")
            _loaded[key] = Loaded(kernel, device)
        return _loaded[key]
