"""Measures (pixels) and colours of the review picture."""

WIDE = 1080
TALLEST = 4600
EDGE = 40
GAP = 20
PAD = 24
INNER = WIDE - 2 * EDGE - 2 * PAD

GROUND = "#f3f5f9"
CARD = "#ffffff"
INK = "#1a2130"
MUTED = "#667085"
RULE = "#e4e7ed"
BLUE = "#2f6bff"
PALE = "#c9d8ff"
ALARM = "#d64545"
GOOD = "#2e9e5b"
WARN = "#8a5a00"
WARN_GROUND = "#fff3d6"
