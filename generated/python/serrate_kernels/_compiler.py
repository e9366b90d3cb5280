"""CUDA C++ to machine code: NVRTC, which comes with PyTorch, or else nvcc."""

from __future__ import annotations

import ctypes
import functools
import glob
import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import warnings
from ctypes import byref, c_char_p, c_int, c_size_t, c_void_p
from typing import Protocol

from ._errors import UnavailableError

class Compiler(Protocol):
    #: Which compiler and version; part of the cache's key.
    name: str

    def compile(self, kernel: str, source: str, architecture: str) -> bytes: ...

def _failed(compiler: str, kernel: str, architecture: str, log: str) -> RuntimeError:
    return RuntimeError(f"{compiler} refused {kernel} for {architecture}:\n{log.strip()}")

class Nvrtc:
    def __init__(self, path: str) -> None:
        for builtins in sorted(glob.glob(os.path.join(os.path.dirname(path), "libnvrtc-builtins.so*"))) if "/" in path else ():
            ctypes.CDLL(builtins, mode=ctypes.RTLD_GLOBAL)
        self._lib = lib = ctypes.CDLL(path)
        lib.nvrtcGetErrorString.restype = c_char_p
        lib.nvrtcCreateProgram.argtypes = [c_void_p, c_char_p, c_char_p, c_int, c_void_p, c_void_p]
        lib.nvrtcCompileProgram.argtypes = [c_void_p, c_int, c_void_p]
        for call in ("CUBINSize", "CUBIN", "ProgramLogSize", "ProgramLog"):
            getattr(lib, f"nvrtcGet{call}").argtypes = [c_void_p, c_void_p]
        major, minor = c_int(), c_int()
        lib.nvrtcVersion(byref(major), byref(minor))
        self.name = f"NVRTC {major.value}.{minor.value}"

    def _bytes(self, what: str, program: c_void_p) -> bytes:
        size = c_size_t()
        getattr(self._lib, f"nvrtcGet{what}Size")(program, byref(size))
        data = ctypes.create_string_buffer(size.value)
        getattr(self._lib, f"nvrtcGet{what}")(program, data)
        return data.raw

    def compile(self, kernel: str, source: str, architecture: str) -> bytes:
        program = c_void_p()
        code = self._lib.nvrtcCreateProgram(byref(program), source.encode(), f"{kernel}.cu".encode(), 0, None, None)
        if code != 0:
            raise _failed(self.name, kernel, architecture, self._lib.nvrtcGetErrorString(code).decode())
        try:
            options = [f"--gpu-architecture={architecture}".encode(), b"--std=c++17"]
            code = self._lib.nvrtcCompileProgram(program, len(options), (c_char_p * len(options))(*options))
            if code != 0:
                log = self._bytes("ProgramLog", program).rstrip(b"\0").decode(errors="replace")
                raise _failed(self.name, kernel, architecture, f"{self._lib.nvrtcGetErrorString(code).decode()}\n{log}")
            return self._bytes("CUBIN", program)
        finally:
            self._lib.nvrtcDestroyProgram(byref(program))

class Nvcc:
    def __init__(self, path: str) -> None:
        self._path = path
        version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
        self.name = f"nvcc {hashlib.sha256(version.encode()).hexdigest()[:12]}"

    def compile(self, kernel: str, source: str, architecture: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="serrate-nvcc-") as folder:
            text, cubin = os.path.join(folder, f"{kernel}.cu"), os.path.join(folder, f"{kernel}.cubin")
            with open(text, "w") as file:
                file.write(source)
            code = f"arch={architecture.replace('sm_', 'compute_')},code={architecture}"
            run = subprocess.run([self._path, "-std=c++17", "-gencode", code, "-cubin", "-o", cubin, text], capture_output=True, text=True)
            if run.returncode != 0:
                raise _failed(f"nvcc ({self._path})", kernel, architecture, run.stdout + run.stderr)
            with open(cubin, "rb") as file:
                return file.read()

def _toolkits() -> list[str]:
    return [p for p in (os.environ.get("CUDA_HOME"), os.environ.get("CUDA_PATH"), "/usr/local/cuda") if p]

def nvrtc_candidates() -> list[str]:
    """SERRATE_NVRTC alone where it is set; else PyTorch's own, other nvidia packages', the toolkit's, the loader's."""
    if "SERRATE_NVRTC" in os.environ:
        return [os.environ["SERRATE_NVRTC"]]
    torch, nvidia = importlib.util.find_spec("torch"), importlib.util.find_spec("nvidia")
    folders = [os.path.join(p, "lib") for p in (torch.submodule_search_locations if torch else None) or ()]
    folders += [lib for p in (nvidia.submodule_search_locations if nvidia else None) or () for lib in sorted(glob.glob(os.path.join(p, "*", "lib")), reverse=True)]
    folders += [os.path.join(p, "lib64") for p in _toolkits()]
    found = [f for folder in folders for f in sorted(glob.glob(os.path.join(folder, "libnvrtc*.so*")), reverse=True)]
    usable = [f for f in found if "builtins" not in f and ".alt." not in f]
    return [*usable, "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"]

def _nvcc() -> str | None:
    if "SERRATE_NVCC" in os.environ:
        return shutil.which(os.environ["SERRATE_NVCC"])
    return shutil.which("nvcc") or next((p for p in (os.path.join(t, "bin", "nvcc") for t in _toolkits()) if os.path.exists(p)), None)

@functools.cache
def compiler() -> Compiler:
    """NVRTC if it opens, else nvcc, with a warning. Raises UnavailableError where there is neither."""
    candidates, reason = nvrtc_candidates(), ""
    for path in candidates:
        try:
            return Nvrtc(path)
        except OSError as error:
            reason = reason or str(error)
    nvcc = _nvcc()
    if nvcc is None:
        raise UnavailableError(f"no CUDA compiler: NVRTC not found in {len(candidates)} places ({reason}), nvcc not on PATH. Install nvidia-cuda-nvrtc, or set SERRATE_NVRTC or SERRATE_NVCC.")
    warnings.warn(f"serrate_kernels compiles with {nvcc}: NVRTC cannot be opened ({reason})", RuntimeWarning, stacklevel=2)
    return Nvcc(nvcc)
