"""Files out (导出文件): what the ledger knows, as sheets for people who work in spreadsheets."""
