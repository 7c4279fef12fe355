#!/usr/bin/env bash
# Installs what the tests need from the system's packages, builds the solution, runs every test project.
# With --containers also the tests that need Docker or Podman; eng/containers.sh makes their images.
# With names of projects, such as Cache.Tests Web.Tests, only those.
# The last line is "N passed, N failed" (", N skipped" may follow); the exit code says the same.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

# Release: the tests hold the product to times and to memory.
configuration=${CONFIGURATION:-Release}
framework=net10.0
export PATH="$PATH:/usr/sbin:/sbin"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Most processes of the tests end before optimization by profile (PGO) pays: a quarter of their processor time.
export DOTNET_TieredPGO=0
# Without the second mapping of compiled code (W^X) a start takes a sixth less.
export DOTNET_EnableWriteXorExecute=0
# The AppHost does not ask the package feed for a newer Aspire.
export ASPIRE_VERSION_CHECK_DISABLED=true

die() {
    echo "test.sh: $*" >&2
    exit 1
}

containers='' only=()
for argument in "$@"; do
    case $argument in
        --containers) containers=1 ;;
        *.Tests | *Tests)
            [[ -d tests/ChunkProxy.$argument ]] || die "there is no project tests/ChunkProxy.$argument"
            only+=("$argument")
            ;;
        *) die "unknown argument $argument; there are --containers and names of test projects" ;;
    esac
done

# command:package
needs=(etcd:etcd-server redis-server:redis-server nginx:nginx haproxy:haproxy curl:curl wget:wget aria2c:aria2 ffmpeg:ffmpeg chromium:chromium zsh:zsh fish:fish groff:groff-base npm:npm openssl:openssl h2load:nghttp2-client)

[[ ! $containers ]] || needs+=(lintian:lintian) # eng/ installs what else the release needs

missing=()
for need in "${needs[@]}"; do
    command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}")
done

if ((${#missing[@]})); then
    echo "Installing ${missing[*]}"
    command -v apt-get >/dev/null || die "please install: ${missing[*]}"
    root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "neither root nor sudo; please install: ${missing[*]}"
        root=(sudo)
    fi

    "${root[@]}" apt-get update -q || echo "test.sh: apt-get update failed; trying with the lists there are" >&2
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" \
        || die "apt-get could not install: ${missing[*]}"
fi

# JavaScript that tests load. Tests whose packages cannot be fetched are skipped, and say so.
for lock in tests/packages/*/package-lock.json; do
    [[ -f $lock ]] || continue
    folder=${lock%/*}
    [[ ! $folder/node_modules/.package-lock.json -nt $lock ]] || continue # npm writes it last
    echo "Fetching the packages of $folder"
    npm --prefix "$folder" ci --ignore-scripts --no-audit --no-fund --loglevel=error \
        || echo "test.sh: the packages of $folder could not be fetched; tests that need them are skipped" >&2
done

command -v dotnet >/dev/null || die "the .NET SDK is missing (global.json names the version)"

# No build server outlives the build: it would keep the output open, and a caller that reads the output would wait for it.
dotnet build ChunkProxy.sln --configuration "$configuration" --verbosity quiet -nodeReuse:false
built=$?
dotnet build-server shutdown --vbcscompiler >/dev/null # the projects share one, and so the analyzers are compiled once
((built == 0)) || die "the build failed"

if [[ $containers ]]; then
    CONFIGURATION=$configuration eng/containers.sh prepare || die "the container images were not made" # of what was just built
else
    echo "Container tests are skipped; ./test.sh --containers runs them."
fi

results=$(mktemp -d)
trap 'rm -rf "$results"; [[ ! $containers ]] || eng/containers.sh stop' EXIT

# Prints a number from the summary that the runner wrote (<assembly … passed="12" …>), or 0.
count() {
    local value
    value=$(grep -o '<assembly .*' "$1" 2>/dev/null | grep -o " $2=\"[0-9]*\"" | head -n 1 | tr -dc '0-9')
    echo "${value:-0}"
}

passed=0 failed=0 skipped=0
for file in tests/*Tests/*Tests.csproj; do
    [[ -f $file ]] || continue
    project=${file%/*}
    name=${project##*/}
    ((${#only[@]} == 0)) || [[ " ${only[*]} " == *" ${name#ChunkProxy.} "* ]] || continue
    echo
    echo "== $name"
    # Only the first see the engine: the others must not change with what is installed. The others start many short-lived processes, in which
    # code runs too seldom to be worth compiling a second time, optimized (tier 1).
    with=(env DOTNET_TC_CallCounting=0)
    if [[ $name == ChunkProxy.@(Deploy|Release).Tests ]]; then
        with=()
        [[ ! $containers ]] || with=(eng/containers.sh run)
    fi

    # A test that hangs is named long before the limit ends them all.
    timeout --kill-after=30 1500 "${with[@]}" "$project/bin/$configuration/$framework/$name" -noColor -noLogo -longRunning 300 -result-xml "$results/$name.xml"
    code=$?

    ran=$(count "$results/$name.xml" passed)
    broken=$(($(count "$results/$name.xml" failed) + $(count "$results/$name.xml" errors)))
    if ((ran == 0 && broken == 0)); then
        echo "$name ran nothing (exit code $code)"
        broken=1
    elif ((code != 0 && broken == 0)); then
        echo "$name ended with $code"
        broken=1
    fi

    passed=$((passed + ran))
    failed=$((failed + broken))
    skipped=$((skipped + $(count "$results/$name.xml" skipped)))
done

((passed + failed)) || failed=1 # no test project was found

echo
echo "$passed passed, $failed failed$( ((skipped)) && echo ", $skipped skipped")"
((failed == 0))
