#!/usr/bin/env bash
# Unpacks a recent Mesa lavapipe (a Vulkan device on the CPU with f16, subgroups of 8 and 8x8x8 subgroup matrices) and its own libc into DIR,
# from Debian's unstable suite on the mirror this machine already uses. Nothing is installed on the system.
#   test/lavapipe.sh DIR      then  DIR/node script.ts   runs Node with Dawn on that device; SERRATE_NODE names the Node to run
set -euo pipefail
dir=${1:?usage: lavapipe.sh DIR}
mkdir -p "$dir"
dir=$(realpath "$dir")
[ -x "$dir/node" ] && exit 0
command -v apt-get >/dev/null || { echo "lavapipe: this machine has no apt-get" >&2; exit 1; }
mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } | grep -v '^#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1 | tr -d ' ' || true)
[ -n "$mirror" ] || { echo "lavapipe: no Debian mirror is configured on this machine" >&2; exit 1; }
# a draft of its own, so that two runs at once do not write into each other
work=$(mktemp -d "$dir/draft.XXXXXX")
trap 'rm -rf "$work"' EXIT
apt=$work/apt
mkdir -p "$apt/lists/partial" "$apt/debs/partial" "$work/root"
: > "$apt/status"
echo "deb [trusted=yes] $mirror sid main" > "$apt/sources.list"
options=(-o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists" -o "Dir::State::status=$apt/status"
  -o "Dir::Cache::archives=$apt/debs" -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o APT::Install-Recommends=false -o Debug::NoLocking=1 -o "APT::Sandbox::User=$(id -un)")
apt-get "${options[@]}" update -qq >/dev/null
apt-get "${options[@]}" install -qq -y --download-only mesa-vulkan-drivers libvulkan1 libstdc++6 libgcc-s1 >/dev/null
for package in "$apt"/debs/*.deb; do dpkg-deb -x "$package" "$work/root"; done
[ -d "$dir/root" ] || mv "$work/root" "$dir/root" 2>/dev/null || [ -d "$dir/root" ]
lib=$dir/root/usr/lib/x86_64-linux-gnu
icd=$(find "$dir/root/usr/share/vulkan/icd.d" -name 'lvp_icd*.json' | head -1)
sed "s#\"library_path\": *\"[^\"]*\"#\"library_path\": \"$lib/libvulkan_lvp.so\"#" "$icd" > "$work/lvp.json"
cat > "$work/node" <<N
#!/bin/sh
export VK_ICD_FILENAMES="$dir/lvp.json" VK_DRIVER_FILES="$dir/lvp.json" XDG_RUNTIME_DIR="\${XDG_RUNTIME_DIR:-/tmp}"
exec "$lib/ld-linux-x86-64.so.2" --library-path "$lib" "\${SERRATE_NODE:-\$(command -v node)}" "\$@"
N
chmod +x "$work/node"
mv "$work/lvp.json" "$dir/lvp.json"
"$work/node" -e 'console.log("lavapipe ready, node", process.version)'
mv "$work/node" "$dir/node"
