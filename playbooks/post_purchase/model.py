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
    """One message to one buyer: their orders with the product of each, and the text in parts."""

    orders: tuple[str, ...]
    products: tuple[str, ...]
    parts: tuple[str, ...]


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
