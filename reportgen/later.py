"""Packages whose parts are loaded when somebody first asks for them."""

from collections.abc import Callable, Mapping
from importlib import import_module


def offered(package: str, parts: Mapping[str, tuple[str, ...]]) -> Callable[[str], object]:
    """
    The `__getattr__` of a package (PEP 562): module → the names in it that the package offers.

    No module of the package may have one of these names.
    """
    homes = {name: module for module, names in parts.items() for name in names}

    def find(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return find
