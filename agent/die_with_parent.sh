#!/bin/sh
# Runs FANKUAN_RUN so that the system ends it in the moment in which the process that started it ends. A browser that
# outlived the agent by a moment could send a request that was only held back.
exec setpriv --pdeathsig KILL -- "$FANKUAN_RUN" "$@"
