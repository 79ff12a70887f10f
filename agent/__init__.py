"""fankuan (返款): gets ERP subscription fees back for merchants, one order at a time."""

__version__ = "0.1.0"
