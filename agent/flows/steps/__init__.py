"""The steps that are done on a site, one consequential act each."""
