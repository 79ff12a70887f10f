"""The operations console (控制台): pages for people, answers for programs, over the ledger."""
