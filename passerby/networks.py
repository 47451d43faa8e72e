"""Networks as an operator writes them: an address, or a network in CIDR notation. Pure."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from broker import networks


def read(text: str) -> str:
    """Write a network as the gate takes it: `203.0.113.9` is `203.0.113.9/32`, an IPv6 address its /64.

    Raises:
        ValueError: when it is none. The text does not repeat it, as it may go to a log.
    """
    if "%" in text:
        raise ValueError("a network has no zone: leave out what follows the %")
    try:
        return str(networks.read(text))
    except ValueError:
        raise ValueError("it is no address and no network: 203.0.113.9, 203.0.113.0/24 and 2001:db8::/48 are") from None


def _checked(text: str) -> str:
    try:
        return read(text)
    except ValueError as error:
        raise PydanticCustomError("network", "{why}", {"why": str(error)}) from None


Network = Annotated[str, AfterValidator(_checked)]
