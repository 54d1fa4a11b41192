"""Google Sheets without Google: real gspread and google-auth run against it, in tests and on the rehearsal page."""

from bot.rehearsal.sheets.faults import FAULTS, Answer, Fault
from bot.rehearsal.sheets.google import Google
from bot.rehearsal.sheets.grid import Cell, Tab

__all__ = ["FAULTS", "Answer", "Cell", "Fault", "Google", "Tab"]
