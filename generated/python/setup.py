"""Copies the CUDA texts that lie beside this folder into the package."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

class Build(build_py):
    def run(self) -> None:
        super().run()
        texts = Path(__file__).resolve().parent.parent / "cuda"
        if not texts.is_dir():
            raise SystemExit(f"{texts} is missing: install from the folder that `serrate generate` wrote")
        shutil.copytree(texts, Path(self.build_lib) / "serrate_kernels" / "cuda", dirs_exist_ok=True)

setup(cmdclass={"build_py": Build})
