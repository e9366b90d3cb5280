#!/usr/bin/env bash
# Fuzzes WGSL with f16 and subgroups on lavapipe, fetched from this machine's Debian mirror; prints why where it cannot be.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=${SERRATE_LAVAPIPE:-$PWD/.serrate/lavapipe}
if ! timeout 180 bash test/lavapipe.sh "$dir"; then
  echo "skipped fuzz-lavapipe: lavapipe could not be fetched, so f16 and subgroups were not fuzzed here" >&2
  [ -n "${SERRATE_TEST_JSON:-}" ] && echo '{"cases":0,"failed":0,"sources":0,"randomSources":0,"seconds":0,"device":"no device (lavapipe could not be fetched)"}' > "$SERRATE_TEST_JSON"
  exit 0
fi
node=$(node -e 'console.log(process.execPath)')
SERRATE_NODE=$node SERRATE_FUZZ_NODE=$dir/node exec "$node" test/fuzz.ts --device webgpu --sources 18 --cases 6 --budget 100 "$@"
