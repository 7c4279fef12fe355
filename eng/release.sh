#!/usr/bin/env bash
# Makes what people install, from one version number.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: eng/release.sh [VERSION] [PART...]

  VERSION    such as 0.2.1; default: <Version> in Directory.Build.props

  PART       one of these; default: all but notices
    tool       the .NET tool: chunkproxy.VERSION.nupkg
    tarballs   self-contained folders: chunkproxy-VERSION-linux-x64.tar.gz, -linux-arm64.tar.gz
    deb        Debian packages: chunkproxy_VERSION_amd64.deb, _arm64.deb
    images     container images: chunkproxy-NAME-VERSION-image.tar, by eng/containers.sh
    sbom       the bill of materials: chunkproxy-VERSION.cdx.json (CycloneDX)
    notices    rewrites THIRD-PARTY-NOTICES in the repository, after a change of packages

SHA256SUMS lists everything that was made. Two runs of one commit make equal files, container images aside.

Environment:
  CHUNKPROXY_DIST   Folder for what is made; default: dist
  RIDS              Platforms of tarballs and Debian packages; default: linux-x64 linux-arm64
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dist=$(realpath -m "${CHUNKPROXY_DIST:-$root/dist}")
build=$root/dist/build # what the SDK compiles, apart from bin/ and obj/: tests may run meanwhile
read -ra rids <<<"${RIDS:-linux-x64 linux-arm64}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
umask 022

say() {
    echo "release.sh: $*" >&2
}

die() {
    say "$*"
    exit 1
}

# dotnet COMMAND PROJECT ARGUMENT...: builds below $build, with this version.
sdk() {
    dotnet "$1" "$root/$2" --configuration Release --verbosity quiet --artifacts-path "$build" -nodeReuse:false \
        "-p:Version=$version" -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false "${@:3}" >&2
}

# --- Parts -------------------------------------------------------------------------------------------------------------

make_tool() {
    sdk pack ChunkProxy.Web --output "$dist"
}

make_notices() {
    packaging notices "$(built_deps)" "$root/THIRD-PARTY-NOTICES"
}

# Runs eng/ChunkProxy.Packaging.
packaging() {
    [[ -n ${packaging_is_built:-} ]] || sdk build eng/ChunkProxy.Packaging
    packaging_is_built=1
    dotnet "$build/bin/ChunkProxy.Packaging/release/ChunkProxy.Packaging.dll" "$@"
}

built_deps() {
    [[ -n ${packaging_is_built:-} ]] || packaging help 2>/dev/null || true # it builds the product, too
    echo "$build/bin/ChunkProxy.Web/release/chunkproxy.deps.json"
}

# --- Main --------------------------------------------------------------------------------------------------------------

version=$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' "$root/Directory.Build.props")
if [[ ${1:-} =~ ^[0-9] ]]; then
    version=$1
    shift
fi
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || die "'$version' is not a version such as 0.2.0"

parts=("$@")
((${#parts[@]})) || parts=(tool)
for part in "${parts[@]}"; do
    case $part in
        tool | notices) ;;
        help | -h | --help)
            usage
            exit
            ;;
        *) die "there is no part $part. Try: eng/release.sh help" ;;
    esac
done

command -v dotnet >/dev/null || die "the .NET SDK is missing (global.json names the version)"
mkdir -p "$dist" "$build"
for part in "${parts[@]}"; do
    say "making $part"
    "make_$part"
done
