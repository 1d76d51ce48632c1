# flow.sh - scenes that need more than one line of data.
# shellcheck shell=bash
