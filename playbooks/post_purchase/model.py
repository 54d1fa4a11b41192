"""What is kept of messages after a purchase: a manager's own sentences, and the lists handed out to agents."""

from __future__ import annotations

from typing import Literal

from playbooks.model import Document, Model, Moment


class OwnText(Document):
    """A manager's own sentences for a product, in place of those of its kind; '' where the kind's stands."""

    product: str
    use: str = ""
    receipt: str = ""
    by: str
    at: Moment


class Bought(Model):
    """A product of an order, by its name ('' unknown) and the run sheet's category."""

    name: str = ""
    category: str = ""


class Message(Model):
    """One message to one buyer: their orders, what is told of in each of them, and the text in parts."""

    orders: tuple[str, ...]
    bought: tuple[tuple[str, ...], ...]
    """For each of `orders` the names of its products; '' for one whose name nobody knows."""
    parts: tuple[str, ...]

    @property
    def products(self) -> tuple[str, ...]:
        """Every product once, by name."""
        return tuple(dict.fromkeys(name for names in self.bought for name in names if name))


class HandedOut(Document):
    """A list 名单 of messages in one agent's hands until `until`; `sent`: the agent said that all of it was sent."""

    by: str
    at: Moment
    until: Moment
    messages: tuple[Message, ...]
    state: Literal["out", "sent", "back"] = "out"

    @property
    def orders(self) -> tuple[str, ...]:
        """Every order on it."""
        return tuple(number for message in self.messages for number in message.orders)
