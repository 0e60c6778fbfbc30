#!/bin/sh
# Installs jhub from a release tarball on a machine that has no npm: sh install.sh TARBALL
set -eu

usage='Usage: sh install.sh TARBALL [--sha256 DIGEST]

TARBALL is the path or the https address of jhub-VERSION-SYSTEM.tar.gz. Its digest is read from
TARBALL.sha256 beside it, or given with --sha256. Root installs to /usr/local, everybody else to
~/.local; JHUB_PREFIX names another place.'

fail() {
  printf 'Error: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf 'Try:   %s\n' "$2" >&2
  exit 3
}

source='' digest=''
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) printf '%s\n' "$usage" && exit 0 ;;
    --sha256) [ $# -ge 2 ] || fail '--sha256 needs a digest' && digest=$2 && shift ;;
    -*) fail "there is no option $1" 'sh install.sh --help' ;;
    *) source=$1 ;;
  esac
  shift
done
[ -n "$source" ] || { printf '%s\n' "$usage" >&2 && exit 2; }

if [ "$(id -u)" = 0 ]; then prefix=${JHUB_PREFIX:-/usr/local}; else prefix=${JHUB_PREFIX:-$HOME/.local}; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

fetch() {
  if command -v curl >/dev/null 2>&1; then
    curl --fail --silent --show-error --location --proto '=https' --output "$2" "$1"
  elif command -v wget >/dev/null 2>&1; then
    wget --quiet --https-only --output-document="$2" "$1"
  else
    fail 'downloading needs curl or wget, and neither is installed' 'Download the tarball elsewhere and give its path'
  fi
}

case $source in
  https://*)
    fetch "$source" "$work/jhub.tar.gz" || fail "could not download $source"
    [ -n "$digest" ] || { fetch "$source.sha256" "$work/sha256" && digest=$(cut -d ' ' -f 1 "$work/sha256"); } ||
      fail "could not download $source.sha256" 'Give the digest with --sha256'
    ;;
  http://*) fail 'the address is plain http, which anybody on the way can change' 'Use the https address' ;;
  *)
    [ -f "$source" ] || fail "there is no file $source"
    cp "$source" "$work/jhub.tar.gz"
    if [ -z "$digest" ]; then
      [ -f "$source.sha256" ] || fail "there is no $source.sha256 to check the tarball against" 'Give the digest with --sha256'
      digest=$(cut -d ' ' -f 1 "$source.sha256")
    fi
    ;;
esac

if command -v sha256sum >/dev/null 2>&1; then
  found=$(sha256sum "$work/jhub.tar.gz" | cut -d ' ' -f 1)
else
  found=$(shasum -a 256 "$work/jhub.tar.gz" | cut -d ' ' -f 1)
fi
[ "$found" = "$digest" ] || fail "the digest of the tarball is $found, not $digest" 'Download it again'

tar -xzf "$work/jhub.tar.gz" -C "$work" || fail 'the tarball cannot be unpacked' 'Download it again'
version=$("$work/jhub/bin/jhub" --version) || fail "this release does not run here ($(uname -s) $(uname -m))" \
  'Take the tarball whose name ends with this system and processor'

mkdir -p "$prefix/lib" "$prefix/bin"
if [ -e "$prefix/lib/jhub" ] && [ ! -x "$prefix/lib/jhub/runtime/node" ]; then
  fail "$prefix/lib/jhub is there, and this script did not make it" 'Set JHUB_PREFIX to another place'
fi
if [ -e "$prefix/bin/jhub" ] && [ "$(readlink "$prefix/bin/jhub")" != ../lib/jhub/bin/jhub ]; then
  fail "$prefix/bin/jhub is there, and this script did not make it" 'Set JHUB_PREFIX to another place'
fi
rm -rf "$prefix/lib/.jhub.new" "$prefix/lib/.jhub.old"
cp -R "$work/jhub" "$prefix/lib/.jhub.new"
[ ! -e "$prefix/lib/jhub" ] || mv "$prefix/lib/jhub" "$prefix/lib/.jhub.old"
mv "$prefix/lib/.jhub.new" "$prefix/lib/jhub"
ln -sfn ../lib/jhub/bin/jhub "$prefix/bin/jhub"
rm -rf "$prefix/lib/.jhub.old"

printf 'Installed %s in %s/lib/jhub.\n' "$version" "$prefix"
case ":$PATH:" in
  *":$prefix/bin:"*) printf 'Next:   jhub up\n' ;;
  *) printf 'Next:   export PATH="%s/bin:$PATH"\n        jhub up\n' "$prefix" ;;
esac
printf 'Remove: rm -r %s/lib/jhub %s/bin/jhub ~/.cache/jhub   (take hubs away first: jhub down)\n' "$prefix" "$prefix"
