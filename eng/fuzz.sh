#!/usr/bin/env bash
# eng/fuzz.sh [SECONDS [NAME]]: runs the fuzz tests for so many seconds each (default: 60), or those whose class has this name.
# Targets: request targets, Range, Cache-Control, Content-Range, bytes on the pool port of a real process, what members send each other, files of the disk
# cache, values in Redis, keys in etcd.
# A failure names the seed and the input. CHUNKPROXY_FUZZ_SEED=N repeats it. What is found becomes a test beside the code.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
name=${2:-*FuzzTests}
configuration=${CONFIGURATION:-Release}
framework=net10.0
status=0
for project in ChunkProxy.Cache.Tests ChunkProxy.Web.Tests; do
  dotnet build "tests/$project" -c "$configuration" -v q
  CHUNKPROXY_FUZZ_SECONDS=$seconds "tests/$project/bin/$configuration/$framework/$project" -noColor -noLogo -class "$name" || status=1
done
exit "$status"
