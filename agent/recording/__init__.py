"""Recordings (录制): what a site answered to one visit, with everything personal or secret replaced. No browser."""
