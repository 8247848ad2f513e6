"""Everything reportgen raises on purpose.

    ReportgenError                          retry = False
    ├─ ConfigError             the operator edits config.yaml            exit status 2
    ├─ SourceError
    │  ├─ SourceUnavailable    wait and try again       retry = True
    │  │  └─ SourceBusy        the same for whatever else is asked now
    │  ├─ SourceRefused        the operator mends credentials, role or company id
    │  ├─ AccessNotGranted     the customer has closed its account to the reseller
    │  └─ UnexpectedPayload    the developer: the API answered in a new shape
    ├─ WrongCustomer           an answer belongs to another company; nothing leaves
    ├─ RoundStopped            customers' figures were mixed up; waits for `resume --round`   retry
    ├─ TemplateError           the designer mends a template
    ├─ RenderingError          the document could not be made
    ├─ StorageError            the archive or the ledger cannot be written
    │  ├─ StorageUnavailable   wait and try again       retry = True
    │  └─ ClaimLost            another worker goes on with the run
    ├─ DeliveryError
    │  ├─ DeliveryUnavailable  wait and try again       retry = True
    │  ├─ DeliveryUnknown      accepted or not: nobody can tell; never sent again by itself
    │  ├─ DeliveryNotApproved  the operator allows the first message to an address
    │  └─ DeliveryRefused      the operator mends the address, the login or the file
    ├─ Interrupted             the program is to end; taken up again    retry = True
    ├─ OperatorNotTold         a notice or the heartbeat did not arrive   retry = True
    └─ ClockDoubted            the operator sets the clock, or says that it is right

Messages are one line, say where and what to do, and never hold a secret.
"""


class ReportgenError(Exception):
    """Something went wrong that a person or a later attempt can put right."""

    retry = False
    """True when waiting may help without anybody changing anything."""


class ConfigError(ReportgenError):
    """The configuration or the command line is wrong; the operator edits it."""


class SourceError(ReportgenError):
    """The source did not give what was asked."""


class SourceUnavailable(SourceError):
    """No proper answer this time: time-out, overload, fault on the far side."""

    retry = True


class SourceBusy(SourceUnavailable):
    """Nothing else is to be asked now: overload, a rest after failures, or the program ends."""


class SourceRefused(SourceError):
    """Credentials, role or company id are not accepted."""


class AccessNotGranted(SourceRefused):
    """The customer has not granted the reseller access to its data."""


class UnexpectedPayload(SourceError):
    """The answer has a shape nobody has described."""


class WrongCustomer(ReportgenError):
    """An answer is another company's, or may be; `others` names those whose data it seems to be."""

    def __init__(self, message: str, *others: str) -> None:
        super().__init__(message)
        self.others = others


class RoundStopped(ReportgenError):
    """Nothing goes out, to anybody, until a person has looked."""

    retry = True


class TemplateError(ReportgenError):
    """A template is broken or asks for what is not there."""


class RenderingError(ReportgenError):
    """The page could not be turned into a document."""


class StorageError(ReportgenError):
    """A file or the ledger cannot be read or written."""


class StorageUnavailable(StorageError):
    """The store does not answer at the moment."""

    retry = True


class ClaimLost(StorageError):
    """Another worker has taken the run over; this one must leave it alone."""


class DeliveryError(ReportgenError):
    """A document was not handed over."""


class DeliveryUnavailable(DeliveryError):
    """The way out is busy or unreachable; nothing was handed over."""

    retry = True


class DeliveryUnknown(DeliveryError):
    """The connection ended after the message was complete and before the answer came."""


class DeliveryNotApproved(DeliveryError):
    """Nobody has allowed the first message to this address yet; nothing was begun."""


class DeliveryRefused(DeliveryError):
    """The other side said no for good."""


class Interrupted(ReportgenError):
    """The program is to end; what is under way is given back, to be taken up again."""

    retry = True

    def __init__(self) -> None:
        super().__init__("stopped before the end")


class OperatorNotTold(ReportgenError):
    """A notice to the operator, or the heartbeat, did not arrive; reports go on."""

    retry = True

    def __init__(self, message: str, failed: tuple[str, ...] = ()) -> None:
        """`failed` names the addresses that were not told."""
        super().__init__(message)
        self.failed = failed


class ClockDoubted(ReportgenError):
    """The system's clock is contradicted, so that nothing is planned by it."""
