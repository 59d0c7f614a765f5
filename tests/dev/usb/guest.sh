# shellcheck shell=bash
# Makes the guest: Debian's own kernel, udev and busybox in a first file system. Installs nothing;
# needs apt-get, dpkg-deb, busybox and cpio. To be sourced.
#
#   guest_make DIR           DIR/vmlinuz and DIR/base.cpio; under set -e -o pipefail
#   guest_libraries PROGRAM ROOT [SEARCH-PATH]
#   guest_pack ROOT          prints a cpio archive of ROOT; archives can be joined by cat

guest_source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# The modules of the adapter, its host controller and the network card, with what they need.
guest_modules="usb/common/usb-common usb/core/usbcore usb/host/xhci-hcd usb/host/xhci-pci
    usb/serial/usbserial usb/serial/ftdi_sio net/ethernet/intel/e1000/e1000"

# Unpacked, not installed: the kernel that Debian recommends now, udev, and those libraries of udev
# that a small system lacks.
guest_packages() {
    apt-cache depends linux-image-amd64 | awk '$1 == "Depends:" && !seen++ { print $2 }'
    printf '%s\n' udev libkmod2 libcap2
}

guest_download() {
    local packages
    mapfile -t packages < <(guest_packages)
    [ "${#packages[@]}" = 4 ] && (cd "$1" && apt-get -q download "${packages[@]}")
}

guest_fetch() {
    local as_root=()
    guest_download "$1" && return
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    "${as_root[@]}" apt-get -q update && guest_download "$1"
}

guest_unpack() {
    local from=$1 tree=$2 module package
    local patterns=('./boot/vmlinuz-*')
    for module in $guest_modules; do
        patterns+=("./lib/modules/*/$module.ko")
    done
    dpkg-deb --fsys-tarfile "$from"/linux-image-*.deb | tar -x -C "$tree" --wildcards "${patterns[@]}"
    for package in udev libkmod2 libcap2; do
        dpkg-deb -x "$from/$package"_*.deb "$tree"
    done
}

guest_libraries() {
    local program=$1 root=$2 name file
    LD_LIBRARY_PATH=${3:-} ldd "$program" |
        awk '$2 == "=>" && $3 ~ /^\// { print "/lib/" $1, $3 } $1 ~ /^\// { print $1, $1 }' |
        while read -r name file; do
            install -D "$file" "$root$name"
        done
}

guest_pack() { (cd "$1" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0); }

guest_fill() {
    local tree=$1 root=$2 module version
    version=$(basename "$tree"/lib/modules/*)
    install -D "$(command -v busybox)" "$root/bin/busybox"
    install -D "$guest_source/init" "$root/init"
    install -D "$tree/bin/udevadm" "$root/bin/udevadm"
    # Started by this name it is the daemon.
    mkdir -p "$root/lib/systemd" && ln -s /bin/udevadm "$root/lib/systemd/systemd-udevd"
    guest_libraries "$tree/bin/udevadm" "$root" \
        "$tree/lib/x86_64-linux-gnu:$tree/usr/lib/x86_64-linux-gnu"
    for rules in 50-udev-default 60-serial; do
        install -D "$tree/lib/udev/rules.d/$rules.rules" "$root/lib/udev/rules.d/$rules.rules"
    done
    for module in $guest_modules; do
        install -D "$tree/lib/modules/$version/kernel/drivers/$module.ko" \
            "$root/lib/modules/$version/${module##*/}.ko"
    done
    busybox depmod -b "$root" "$version"
}

guest_make() {
    local dir=$1
    mkdir -p "$dir"/{packages,tree,root}
    guest_fetch "$dir/packages"
    guest_unpack "$dir/packages" "$dir/tree"
    guest_fill "$dir/tree" "$dir/root"
    guest_pack "$dir/root" >"$dir/base.cpio"
    cp "$dir"/tree/boot/vmlinuz-* "$dir/vmlinuz"
    rm -rf "$dir"/{packages,tree,root}
}
