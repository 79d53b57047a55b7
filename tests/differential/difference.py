"""What is said of one way in which a peer differs."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Class:
    """How a peer differs. `change` returns the case as the peer reads it, or None where it reads it as we do."""

    name: str
    rules: tuple
    what: str
    evidence: str
    change: object = None
    switches: tuple = ()
