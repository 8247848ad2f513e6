"""The copy of a document that opens with a password only: the one file that knows pikepdf."""

import secrets
from io import BytesIO
from typing import Final

from pikepdf import Encryption, PasswordError, Pdf, Permissions, PikepdfError

from reportgen.errors import RenderingError

_REVISION: Final = 6
"""AES-256 as in ISO 32000-2."""
_OWNER = 32
"""Bytes of the owner's password, which nobody ever knows."""
_ALLOWED = Permissions(
    accessibility=True,  # PDF/UA-1, 7.16
    print_lowres=True,
    print_highres=True,
    extract=False,
    modify_annotation=False,
    modify_assembly=False,
    modify_form=False,
    modify_other=False,
)


def protected(pdf: bytes, password: str) -> bytes:
    """
    A copy under AES-256, to be read, printed and read out by whoever has the password.

    Tags, language, metadata and attachments stay as they are, inside. Keys are random: no two
    copies are alike. Raises RenderingError, also for a copy that turns out not to be protected.
    """
    try:
        copy = _encrypted(pdf, password)
        safe = not _opens(copy, "") and _opens(copy, password)
    except (PikepdfError, RuntimeError, ValueError) as error:
        raise RenderingError(
            f"the copy under a password could not be made: {type(error).__name__}"
        ) from None  # the cause may quote the password
    if not safe:
        raise RenderingError("the copy under a password is not protected as it should be")
    return copy


def _encrypted(pdf: bytes, password: str) -> bytes:
    owner = secrets.token_urlsafe(_OWNER)
    made = BytesIO()
    with Pdf.open(BytesIO(pdf)) as document:
        locks = Encryption(owner, password, _REVISION, _ALLOWED)
        document.save(made, encryption=locks, fix_metadata_version=False)
    return made.getvalue()


def _opens(pdf: bytes, password: str) -> bool:
    """True when this password opens it, and it is encrypted as meant."""
    try:
        with Pdf.open(BytesIO(pdf), password=password) as document:
            return document.is_encrypted and document.encryption.R == _REVISION
    except PasswordError:
        return False
