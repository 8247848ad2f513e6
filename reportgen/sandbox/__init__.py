"""The stand-in of the platform's API: a real HTTP server with invented companies."""

from reportgen.sandbox.companies import COMPANIES, RESELLER, STRANGER, SandboxCompany
from reportgen.sandbox.faults import FAULTS, Fault, parse_fault
from reportgen.sandbox.server import Asked, Sandbox, SandboxSettings

__all__ = [
    "COMPANIES",
    "FAULTS",
    "RESELLER",
    "STRANGER",
    "Asked",
    "Fault",
    "Sandbox",
    "SandboxCompany",
    "SandboxSettings",
    "parse_fault",
]
