"""Lets a service that forks servers of an image run no line of what the image installed.

What an image installs is chosen by whoever writes the settings file and comes from anywhere; the service is root's. So it is
the standard environment's Python, which takes on the image's place: names, paths and data are the image's, and each module's
code is the standard environment's, where the image has the same file, byte for byte. A module that the image has alone, or
has another version of, is imported by each server itself, as the person.
"""

from __future__ import annotations

import contextlib
import filecmp
import importlib
import os
import site
import sys
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ExtensionFileLoader, ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NoReturn


class OtherPython(Exception):
    """The image has another Python than the standard environment; which, in half a sentence."""


class SameSource(SourceFileLoader):
    """Loads the original's code, bytecode included, under the name of the image's file."""

    def __init__(self, name: str, path: str, original: Path) -> None:
        super().__init__(name, path)
        self.original = str(original)

    def get_code(self, fullname: str) -> CodeType | None:
        code = SourceFileLoader(fullname, self.original).get_code(fullname)
        return None if code is None else renamed(code, self.path)


class SameExtension(ExtensionFileLoader):
    """Loads the original, with the libraries that it finds beside itself."""

    def __init__(self, name: str, path: str, original: Path) -> None:
        super().__init__(name, path)
        self.original = str(original)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        loader = ExtensionFileLoader(spec.name, self.original)
        return loader.create_module(ModuleSpec(spec.name, loader, origin=self.original))

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self.path
        super().exec_module(module)


def renamed(code: CodeType, path: str) -> CodeType:
    constants = tuple(renamed(each, path) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_filename=path, co_consts=constants)


@dataclass
class SameCodeFinder(MetaPathFinder):
    """Finds an image's modules as Python does. `refuse` raises for one that is not the standard environment's."""

    standard: Path
    image: Path
    python: tuple[Path, ...]
    """Where Python's own modules are, and those of the service."""
    refuse: Callable[[str], NoReturn]

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target)
        # A directory without code has no origin.
        if spec is None or spec.origin is None:
            return spec
        # A package may be in other places too, even by a file of the image's (`pkgutil.extend_path`).
        origin = Path(os.path.abspath(spec.origin))
        if self.image not in origin.parents:
            if any(place in origin.parents for place in self.python):
                return spec
            self.refuse(f"{fullname} is neither Python's nor the image's")
        original = self.standard / origin.relative_to(self.image)
        if not is_same(origin, original):
            self.refuse(f"{fullname} is not that of the standard environment")
        for kind, same in ((SourceFileLoader, SameSource), (ExtensionFileLoader, SameExtension)):
            if isinstance(spec.loader, kind):
                spec.loader = same(fullname, spec.origin, original)
                return spec
        self.refuse(f"{fullname} is neither source nor an extension")


def is_same(file: Path, original: Path) -> bool:
    with contextlib.suppress(OSError):
        # Most are links to one file.
        return os.path.samefile(file, original) or filecmp.cmp(file, original, shallow=False)
    return False


def take_place_of_standard(image: Path, refuse: Callable[[str], NoReturn]) -> SameCodeFinder:
    """Makes this Python the image's, but for code. Raises OtherPython where that cannot be."""
    standard = Path(sys.prefix)
    python = image / "bin" / "python"
    own, other = Path(sys.executable).resolve(), python.resolve()
    if own != other:
        raise OtherPython(f"the image is of {other}, not of {own}")
    python_places = tuple(Path(place) for place in sys.path if place and standard not in Path(place).parents)
    sys.path[:] = [str(image / Path(place).relative_to(standard)) if standard in Path(place).parents else place for place in sys.path]
    site.PREFIXES = [str(image) if place == sys.prefix else place for place in site.PREFIXES]
    sys.prefix = sys.exec_prefix = str(image)
    sys.executable = str(python)
    # It holds the prefix that was there when it was imported.
    importlib.reload(sysconfig)
    finder = SameCodeFinder(standard, image, python_places, refuse)
    sys.meta_path.insert(sys.meta_path.index(PathFinder), finder)
    importlib.invalidate_caches()
    return finder


def let_image_in(finder: SameCodeFinder) -> None:
    """From now on imports are Python's own, and what the image does at every start of Python is done. As the person, never as root."""
    sys.meta_path.remove(finder)
    importlib.invalidate_caches()
    packages = Path(sysconfig.get_path("purelib"))
    known: Any = set(sys.path)
    for file in sorted(packages.glob("*.pth")):
        if not is_same(file, finder.standard / file.relative_to(finder.image)):
            site.addpackage(str(packages), file.name, known)  # type: ignore[attr-defined]
    spec = PathFinder.find_spec("sitecustomize")
    if spec is not None and finder.image in Path(spec.origin or "").parents:
        site.execsitecustomize()  # type: ignore[attr-defined]
