"""Reads and works a page by what a person sees: headings, labels, buttons, dialogs. Knows no platform."""
