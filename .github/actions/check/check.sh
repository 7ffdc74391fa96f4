#!/usr/bin/env bash
# Checks the endpoint and leaves its reports in a folder, the one for people in the job's summary too.
set -euo pipefail

mapfile -t arguments < <(sed '/^[[:space:]]*$/d' <<< "$ARGUMENTS")
mkdir -p "$REPORTS"

status=0
hookproof check "$URL" --provider "$PROVIDER" --wait "$WAIT" \
    --report "markdown=$REPORTS/hookproof.md" \
    --report "junit=$REPORTS/hookproof.xml" \
    --report "html=$REPORTS/hookproof.html" \
    --report "json=$REPORTS/hookproof.json" \
    "${arguments[@]}" || status=$?

# A wrong call has no report, and has said on stderr what is wrong.
if [ -f "$REPORTS/hookproof.md" ]; then
    cat "$REPORTS/hookproof.md" >> "$GITHUB_STEP_SUMMARY"
fi
exit "$status"
