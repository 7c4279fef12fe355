#!/usr/bin/env bash
# Makes a release again, from a copy of this folder in another place, and compares it byte by byte.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: eng/reproduce.sh [DIST]

  DIST    Folder that eng/release.sh made; default: dist

Exit code 0: every file is equal, apart from images, which carry the time at which they were made.
The environment variables of eng/release.sh must be those of the first run. With RIDS, only files of these platforms are compared.
HELP
}

say() {
    echo "reproduce.sh: $*" >&2
}

[[ ${1:-} != @(-h|--help|help) ]] || { usage; exit; }
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dist=$(realpath "${1:-$root/dist}")
again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT

# The commit, and over it what is not committed.
git clone --quiet --shared "$root" "$again/source"
git -C "$again/source" checkout --quiet --detach "$(git -C "$root" rev-parse HEAD)"
cd "$root"
git -C "$root" ls-files --deleted -z | xargs -0 -r -I{} rm -f "$again/source/{}"
git -C "$root" ls-files --modified --others --exclude-standard -z | while IFS= read -r -d '' file; do
    [[ ! -e $root/$file ]] || cp --parents -a "$file" "$again/source/"
done

parts=()
cd "$dist"
[[ ! $(compgen -G 'chunkproxy.*.nupkg') ]] || parts+=(tool)
[[ ! $(compgen -G 'chunkproxy-*.tar.gz') ]] || parts+=(tarballs)
[[ ! $(compgen -G 'chunkproxy_*.deb') ]] || parts+=(deb)
[[ ! $(compgen -G 'chunkproxy-*.cdx.json') ]] || parts+=(sbom)
((${#parts[@]})) || { say "$dist has nothing that eng/release.sh makes"; exit 1; }
CHUNKPROXY_DIST=$again/dist "$again/source/eng/release.sh" "${parts[@]}"

differ=0
for file in *.nupkg *.tar.gz *.deb *.cdx.json; do
    [[ -e $file ]] || continue
    [[ -z ${RIDS:-} || -e $again/dist/$file ]] || continue
    if cmp "$file" "$again/dist/$file"; then
        echo "equal   $file"
    else
        echo "DIFFERS $file"
        differ=1
    fi
done
exit $differ
