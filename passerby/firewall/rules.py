"""What is said to nft: the table, who is put into its sets, and how it goes away. Pure.

    packet to this machine, to a port where people come in ── from a set? ──► dropped, before anything is kept of it
                                                              else ─────────► as if we were not there

Everything in it is a number or an address that was read and is written anew, so nothing from outside is ever a word.
"""

from collections.abc import Iterable
from typing import Final

from broker.firewall import Drop

TABLE: Final = "inet passerby"
MOST: Final = 65_536
"""Subscribers in a set at once."""

CLEARED: Final = f"table {TABLE}\ndelete table {TABLE}\n"
"""Takes the table away, whether it is there or not; so the first line."""

_TABLE: Final = """\
table {table} {{
	set banned4 {{
		type ipv4_addr
		size {most}
		flags timeout
	}}
	set banned6 {{
		type ipv6_addr
		size {most}
		flags timeout
	}}
	chain door {{
		type filter hook prerouting priority raw; policy accept;
		fib daddr type local meta l4proto {{ tcp, udp }} th dport {{ {ports} }} jump people
	}}
	chain people {{
		ip saddr @banned4 counter drop
		ip6 saddr & ffff:ffff:ffff:ffff:: @banned6 counter drop
	}}
}}
"""


def laid(ports: Iterable[int]) -> str:
    """Lay the table anew, with nobody in it, for these ports."""
    listed = ", ".join(str(port) for port in sorted(set(ports)))
    return f"{CLEARED}{_TABLE.format(table=TABLE, most=MOST, ports=listed)}"


def added(drops: Iterable[Drop]) -> str:
    """Put subscribers into the sets, each until its time is over."""
    return "".join(
        f"add element {TABLE} banned{drop.network.version} "
        f"{{ {drop.network.network_address} timeout {drop.seconds}s }}\n"
        for drop in drops
    )
