#!/usr/bin/env bash
# Makes what people install, from one version number.
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: eng/release.sh [VERSION] [PART...]

  VERSION    such as 0.2.1; default: <Version> in Directory.Build.props

  PART       one of these; default: all but notices and schemas
    tool       the .NET tool: chunkproxy.VERSION.nupkg
    tarballs   self-contained folders: chunkproxy-VERSION-linux-x64.tar.gz, -linux-arm64.tar.gz
    deb        Debian packages: chunkproxy_VERSION_amd64.deb, _arm64.deb
    images     container images: chunkproxy-NAME-VERSION-image.tar, by eng/containers.sh
    sbom       bills of materials: chunkproxy-VERSION-linux-x64.cdx.json, -linux-arm64 (CycloneDX)
    notices    rewrites THIRD-PARTY-NOTICES in the repository, after a change of packages
    schemas    rewrites docs/schemas in the repository, after a change of JSON responses

SHA256SUMS lists everything that was made. Two runs from one commit give equal bytes, apart from images: eng/reproduce.sh compares them.

Environment:
  CHUNKPROXY_DIST   Folder for what is made; default: dist
  RIDS              Platforms of tarballs and Debian packages; default: linux-x64 linux-arm64
  DEB_COMPRESSION   Compression of Debian packages: xz (small; default) or zstd (made in a tenth of the time)
  MAINTAINER        Name and address in Debian packages: "NAME <ADDRESS>"
  SOURCE_DATE_EPOCH Time that everything carries; default: the time of the commit
HELP
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dist=$(realpath -m "${CHUNKPROXY_DIST:-$root/dist}")
build=$root/dist/build # what the SDK compiles, apart from bin/ and obj/: tests may run meanwhile
read -ra rids <<<"${RIDS:-linux-x64 linux-arm64}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Equal bytes on every machine: the order of names, and one thread of compression.
export LC_ALL=C DPKG_DEB_THREADS_MAX=1
umask 022

say() {
    echo "release.sh: $*" >&2
}

die() {
    say "$*"
    exit 1
}

# Version numbers of Debian sort 0.2.0~rc.1 before 0.2.0.
debian_version() {
    echo "${version/-/\~}"
}

# Debian requires a changelog in its own form.
debian_changelog() {
    printf 'chunkproxy (%s) unstable; urgency=medium\n\n  * NEWS.gz beside this file lists the changes.\n\n -- %s  %s\n' \
        "$(debian_version)" "$maintainer" "$(date -u -d "@$epoch" '+%a, %d %b %Y %T +0000')"
}

# KiB of a folder, the same on every file system: each file is rounded up, and everything else counts as one.
size_of() {
    find "$1" -printf '%y %s\n' | awk '$1 == "f" { sum += int(($2 + 1023) / 1024); next } { sum++ } END { print sum }'
}

# dotnet COMMAND PROJECT ARGUMENT...: builds below $build, with this version.
sdk() {
    dotnet "$1" "$root/$2" --configuration Release --verbosity quiet --artifacts-path "$build" -nodeReuse:false \
        "-p:Version=$version" -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false "${@:3}" >&2
}

# --- Parts -------------------------------------------------------------------------------------------------------------

make_tool() {
    sdk pack ChunkProxy.Web --output "$dist"
    packaging zip "$dist/chunkproxy.$version.nupkg" "$epoch"
}

make_tarballs() {
    local rid name folder
    for rid in "${rids[@]}"; do
        publish "$rid"
        name=chunkproxy-$version-$rid
        folder=$(stage)/$name
        cp -a "$build/publish/$rid" "$folder"
        mkdir -p "$folder/man" "$folder/completions"
        write_texts "$folder/man/chunkproxy.1" "$folder/completions/chunkproxy.bash" "$folder/completions/_chunkproxy" "$folder/completions/chunkproxy.fish"
        cp -r "$root/README.md" "$root/CHANGELOG.md" "$root/docs" "$folder"
        pack_folder "$folder/.." "$name" "$dist/$name.tar.gz"
    done
}

make_deb() {
    local rid architecture top
    command -v dpkg-deb >/dev/null || die "dpkg-deb is missing; it comes with Debian and Ubuntu"
    for rid in "${rids[@]}"; do
        case $rid in
            linux-x64) architecture=amd64 ;;
            linux-arm64) architecture=arm64 ;;
            *) die "no Debian architecture is known for $rid" ;;
        esac
        publish "$rid"
        [[ $(cat "$build/publish/$rid.kind") == self-contained ]] || {
            say "no Debian package for $rid: it would need a .NET runtime, which Debian does not have"
            continue
        }
        top=$(stage)
        install -d "$top"/{DEBIAN,etc/chunkproxy,usr/bin,usr/lib/systemd/system,usr/share/doc/chunkproxy,usr/share/man/man1} \
            "$top"/usr/share/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}
        cp -a "$build/publish/$rid" "$top/usr/lib/chunkproxy"
        rm -f "$top"/usr/lib/chunkproxy/{LICENSE,THIRD-PARTY-NOTICES,DOTNET-*} # in /usr/share/doc/chunkproxy/copyright
        ln -s ../lib/chunkproxy/chunkproxy "$top/usr/bin/chunkproxy"
        install -m 644 "$root/eng/debian/chunkproxy.service" "$top/usr/lib/systemd/system/"
        install -m 644 "$root/eng/debian/chunkproxy.env" "$top/etc/chunkproxy/"
        write_texts "$top/usr/share/man/man1/chunkproxy.1" "$top/usr/share/bash-completion/completions/chunkproxy" \
            "$top/usr/share/zsh/vendor-completions/_chunkproxy" "$top/usr/share/fish/vendor_completions.d/chunkproxy.fish"
        gzip -9n "$top/usr/share/man/man1/chunkproxy.1"
        gzip -9nc "$root/CHANGELOG.md" >"$top/usr/share/doc/chunkproxy/NEWS.gz"
        cp -r "$root/README.md" "$root/docs" "$top/usr/share/doc/chunkproxy"
        chmod -R u=rwX,go=rX "$top/usr/share/doc/chunkproxy"
        debian_changelog | gzip -9n >"$top/usr/share/doc/chunkproxy/changelog.gz"
        packaging copyright "$root/LICENSE" "$root/THIRD-PARTY-NOTICES" "$build/publish/$rid"/DOTNET-* "$top/usr/share/doc/chunkproxy/copyright"
        install -D -m 644 "$root/eng/debian/lintian-overrides" "$top/usr/share/lintian/overrides/chunkproxy"
        install -m 755 "$root"/eng/debian/{postinst,prerm,postrm} "$top/DEBIAN/"
        echo /etc/chunkproxy/chunkproxy.env >"$top/DEBIAN/conffiles"
        sed "s/@VERSION@/$(debian_version)/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$(size_of "$top")/; s/@MAINTAINER@/$maintainer/" "$root/eng/debian/control" >"$top/DEBIAN/control"
        (cd "$top" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum) >"$top/DEBIAN/md5sums"
        chmod -R u=rwX,go=rX "$top/DEBIAN"
        find "$top" -exec touch --no-dereference --date="@$epoch" {} +
        SOURCE_DATE_EPOCH=$epoch dpkg-deb -Z"${DEB_COMPRESSION:-xz}" --root-owner-group --build "$top" "$dist/chunkproxy_$(debian_version)_$architecture.deb" >&2
    done
}

make_images() {
    local name
    "$root/eng/containers.sh" prepare
    eval "$("$root/eng/containers.sh" env)"
    [[ $CHUNKPROXY_ENGINE == docker ]] || say "without Docker, the images are based on a stand-in for Microsoft's aspnet image, made of this machine's .NET"
    for name in web cache; do
        "$CHUNKPROXY_ENGINE" tag "chunkproxy-$name:latest" "chunkproxy-$name:$version"
        rm -f "$dist/chunkproxy-$name-$version-image.tar"
        "$CHUNKPROXY_ENGINE" save --output "$dist/chunkproxy-$name-$version-image.tar" "chunkproxy-$name:$version" >&2
    done
}

make_sbom() {
    local rid
    for rid in "${rids[@]}"; do
        publish "$rid"
        packaging sbom "$build/publish/$rid/chunkproxy.deps.json" "$version" "$(date -u -d "@$epoch" +%FT%TZ)" "$dist/chunkproxy-$version-$rid.cdx.json"
    done
}

make_schemas() {
    packaging schemas "$root/docs/schemas"
}

make_notices() {
    packaging notices "$(built_deps)" "$root/THIRD-PARTY-NOTICES"
}

# --- What parts share --------------------------------------------------------------------------------------------------

# Publishes the program with .NET for one platform, compiled ahead of time (ReadyToRun) and trimmed, to $build/publish/RID. All assemblies are compiled
# as one version (--inputbubble), because they are installed together: so also the framework's generic code for types of the program is compiled.
# A warning of the trimmer is an error (docs/decisions/0008-trimming.md).
publish() {
    local rid=$1 to=$build/publish/$1 pack
    local bubble="--inputbubble%3B--inputbubbleref:$build/obj/ChunkProxy.Web/release_$rid/linked/*.dll" # %3B: a semicolon
    [[ ${published[$rid]:-} ]] && return
    rm -rf "$to"
    if sdk publish ChunkProxy.Web --runtime "$rid" --self-contained -p:PublishReadyToRun=true -p:PublishTrimmed=true -p:TrimMode=full \
        "-p:PublishReadyToRunCrossgen2ExtraArgs=$bubble" --output "$to" 2>"$build/publish.log"; then
        echo self-contained >"$build/publish/$rid.kind"
        pack=$(find "$(packages)/microsoft.netcore.app.runtime.$rid" -mindepth 1 -maxdepth 1 -type d | sort -V | tail -n 1)
        cp "$pack/LICENSE.TXT" "$to/DOTNET-LICENSE"
        cp "$pack/THIRD-PARTY-NOTICES.TXT" "$to/DOTNET-THIRD-PARTY-NOTICES"
    elif grep -q 'NU110[1-3]' "$build/publish.log"; then
        say "the package feed has no runtime pack for $rid; the folder needs .NET 10 (ASP.NET Core) on the machine"
        grep -h 'NU110[1-3]' "$build/publish.log" | sort -u >&2
        rm -rf "$to"
        sdk publish ChunkProxy.Web --runtime "$rid" --no-self-contained --output "$to"
        echo framework-dependent >"$build/publish/$rid.kind"
    else
        cat "$build/publish.log" >&2
        die "publishing for $rid failed"
    fi
    find "$to" -type f -exec chmod 644 {} +
    chmod 755 "$to/chunkproxy"
    [[ ! -e $to/createdump ]] || chmod 755 "$to/createdump"
    published[$rid]=1
}

declare -A published=()

# NuGet's packages folder.
packages() {
    echo "${NUGET_PACKAGES:-$HOME/.nuget/packages}"
}

# write_texts MAN BASH ZSH FISH: the man page and the completion scripts.
write_texts() {
    packaging man "$version" "$(date -u -d "@$epoch" +%F)" "$1"
    local program=$build/bin/ChunkProxy.Web/release/chunkproxy.dll
    dotnet "$program" completion bash >"$2"
    dotnet "$program" completion zsh >"$3"
    dotnet "$program" completion fish >"$4"
}

# A new folder below $build, removed at the end.
stage() {
    mkdir -p "$build/stage"
    local folder
    folder=$(mktemp -d -p "$build/stage")
    chmod 755 "$folder"
    echo "$folder"
}

# pack_folder PARENT NAME FILE
pack_folder() {
    tar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner -C "$1" -c "$2" | gzip -9n >"$3"
}

# Runs eng/ChunkProxy.Packaging.
packaging() {
    [[ -n ${packaging_is_built:-} ]] || sdk build eng/ChunkProxy.Packaging
    packaging_is_built=1
    dotnet "$build/bin/ChunkProxy.Packaging/release/ChunkProxy.Packaging.dll" "$@"
}

built_deps() {
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
((${#parts[@]})) || parts=(tool tarballs deb images sbom)
for part in "${parts[@]}"; do
    case $part in
        tool | tarballs | deb | images | sbom | notices | schemas) ;;
        help | -h | --help)
            usage
            exit
            ;;
        *) die "there is no part $part. Try: eng/release.sh help" ;;
    esac
done

maintainer=${MAINTAINER:-the ChunkProxy authors <chunkproxy@localhost>}
[[ $maintainer =~ ^[^/\&\<\>]+\ \<[^/\&\<\>]+\>$ ]] || die "MAINTAINER is not of the form NAME <ADDRESS>"

command -v dotnet >/dev/null || die "the .NET SDK is missing (global.json names the version)"
# From scratch: what an earlier build left makes files that are compiled ahead of time differ.
[[ ! " ${parts[*]} " =~ \ (tool|tarballs|deb|images)\  ]] || rm -rf "$build"
mkdir -p "$dist" "$build/publish"
rm -rf "$build/stage"
trap 'rm -rf "$build/stage"' EXIT
# The time of the commit: everything that is made carries it.
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || stat -c %Y "$root/Directory.Build.props")}
for part in "${parts[@]}"; do
    say "making $part"
    "make_$part"
done

(cd "$dist" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\0' | sort -z | xargs -0 -r sha256sum >SHA256SUMS)
say "made in $dist:"
(cd "$dist" && ls -sh1 --ignore=build >&2)
