"""The part of the CUDA driver API that loads and launches kernels, through ctypes."""

from __future__ import annotations

import ctypes
import functools
from ctypes import byref, c_char_p, c_int, c_uint, c_void_p

from ._errors import UnavailableError

MAX_DYNAMIC_SHARED = 8  # CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES
FREE_SHARED = 48 * 1024  # shared memory that needs no asking
NO_CONTEXT = 201

@functools.cache
def library() -> ctypes.CDLL:
    try:
        lib = ctypes.CDLL("libcuda.so.1")
    except OSError as error:
        raise UnavailableError(f"libcuda.so.1 cannot be opened ({error}). Install NVIDIA's driver.") from error
    lib.cuLaunchKernel.argtypes = [c_void_p, *[c_uint] * 7, c_void_p, c_void_p, c_void_p]
    lib.cuModuleGetFunction.argtypes = [c_void_p, c_void_p, c_char_p]
    lib.cuFuncSetAttribute.argtypes = [c_void_p, c_int, c_int]
    return lib

def text_of(code: int) -> str:
    name, text = c_char_p(), c_char_p()
    library().cuGetErrorName(code, byref(name))
    library().cuGetErrorString(code, byref(text))
    return f"{(name.value or b'?').decode()} ({code}): {(text.value or b'').decode()}"

def must(code: int, what: str) -> None:
    if code != 0:
        raise RuntimeError(f"{what} failed: {text_of(code)}")

def enter(device: int) -> None:
    """Makes the device's primary context, which is PyTorch's, current on this thread where none is."""
    lib, current = library(), c_void_p()
    must(lib.cuCtxGetCurrent(byref(current)), "cuCtxGetCurrent")
    if not current.value:
        must(lib.cuDevicePrimaryCtxRetain(byref(current), device), "cuDevicePrimaryCtxRetain")
        must(lib.cuCtxSetCurrent(current), "cuCtxSetCurrent")

def load_module(cubin: bytes, kernel: str) -> c_void_p:
    module = c_void_p()
    must(library().cuModuleLoadData(byref(module), cubin), f"loading {kernel}")
    return module

def load_function(module: c_void_p, name: str, shared: int) -> int:
    function = c_void_p()
    must(library().cuModuleGetFunction(byref(function), module, name.encode()), f"finding {name}")
    if shared > FREE_SHARED:
        must(library().cuFuncSetAttribute(function, MAX_DYNAMIC_SHARED, shared), f"{shared} B of shared memory for {name}")
    assert function.value is not None
    return function.value

def launch(function: int, blocks: int, threads: int, shared: int, stream: int, arguments: ctypes.Array, device: int) -> None:
    """Queues a kernel of one by-value argument. The argument is copied before this returns."""
    call = library().cuLaunchKernel
    code = call(function, blocks, 1, 1, threads, 1, 1, shared, stream, arguments, None)
    if code == NO_CONTEXT:
        enter(device)
        code = call(function, blocks, 1, 1, threads, 1, 1, shared, stream, arguments, None)
    if code != 0:
        must(code, f"launching {blocks} blocks of {threads} threads")
