"""Files from outside: what they are, and orders, parcels and rows as they say them."""

from storage.exports.detect import Kind, kind, kind_of
from storage.exports.formats import FORMATS, Format
from storage.exports.grid import LIMITS, Grid, Limits, read_grid, read_head, read_sheets
from storage.exports.logistics import Parcel, Parcels, read_parcels
from storage.exports.reader import BadRow, Export, read_orders
from storage.exports.words import unpaid_life

__all__ = [
    "FORMATS",
    "LIMITS",
    "BadRow",
    "Export",
    "Format",
    "Grid",
    "Kind",
    "Limits",
    "Parcel",
    "Parcels",
    "kind",
    "kind_of",
    "read_grid",
    "read_head",
    "read_orders",
    "read_parcels",
    "read_sheets",
    "unpaid_life",
]
