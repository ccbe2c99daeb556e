#!/bin/sh
# Fetches Mesa 26's software driver, which knows subgroup matrices, into a folder of its own: nothing is installed.
# Packages come from the Debian mirror that this system is set up for, checked by apt. 61 MB to fetch, 300 MB on disk.
# Usage: test/matrix-driver/fetch.sh [FOLDER]   (default: blipc/mesa-26 in the user's cache)
set -eu

suite=trixie
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/blipc/mesa-26}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | head -n 1)
[ -n "$mirror" ] || { echo "apt knows no Debian mirror here" >&2; exit 1; }

mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
: > "$work/status"
for part in "$suite" "$suite-backports"; do
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $part main"
done > "$work/sources.list"

apt() {
  apt-get -q -y -o APT::Sandbox::User=root -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=- \
    -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=- -o Dir::State::Lists="$work/lists" \
    -o Dir::State::Status="$work/status" -o Dir::Cache="$work/cache" -o Debug::NoLocking=true "$@"
}
apt update
apt install --download-only --no-install-recommends -t "$suite-backports" mesa-vulkan-drivers libvulkan1

rm -rf "$folder"
mkdir -p "$folder/root"
for package in "$work"/cache/archives/*.deb; do
  dpkg-deb -x "$package" "$folder/root"
done

libraries="$folder/root/usr/lib/x86_64-linux-gnu"
printf '{ "file_format_version": "1.0.1", "ICD": { "library_path": "%s", "api_version": "1.4.0" } }\n' \
  "$libraries/libvulkan_lvp.so" > "$folder/driver.json"
echo "$folder"
