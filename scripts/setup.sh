#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing on Debian bookworm, and nothing else: the packages of scripts/packages.txt, then the npm
# packages of web/. Asks for root or sudo only when a package is missing, so the second time costs a blink.
#   scripts/setup.sh            all groups
#   scripts/setup.sh build web  only these
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

groups=${*:-build web test lint deb}
mapfile -t wanted < <(awk -v groups=" $groups " '
    /^\[/ { group = substr($1, 2, length($1) - 2); next }
    NF && $1 !~ /^#/ && index(groups, " " group " ") { print $1 }' scripts/packages.txt)

# A newer node (its packages exclude Debian's) serves as well: version 18 or later, with npm.
if command -v node >/dev/null && command -v npm >/dev/null &&
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]; then
    for i in "${!wanted[@]}"; do
        case ${wanted[i]} in nodejs | npm) unset "wanted[i]" ;; esac
    done
fi

installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
mapfile -t missing < <(comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) <(sort -u <<<"$installed"))

if [ ${#missing[@]} -gt 0 ] && [ -n "${missing[0]}" ]; then
    if [ "$(id -u)" -eq 0 ]; then
        as_root=()
    elif command -v sudo >/dev/null; then
        as_root=(sudo)
    else
        echo "setup: missing packages: ${missing[*]}. Run this as root, or install sudo." >&2
        exit 1
    fi
    # Package scripts must not be stopped by a question, and another apt may be running for a moment.
    apt() {
        "${as_root[@]}" env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
            apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
    }
    echo "setup: installing ${#missing[@]} packages: ${missing[*]}" >&2
    apt update
    # The tests start a PostgreSQL of their own; none of ours should be left running on this machine.
    if [[ " ${missing[*]} " == *' postgresql-15 '* ]] && ! grep -qx postgresql-common <<<"$installed"; then
        apt install --no-install-recommends postgresql-common
        "${as_root[@]}" sed -i -E 's/^#? *create_main_cluster .*/create_main_cluster = false/' \
            /etc/postgresql-common/createcluster.conf
    fi
    # Likewise their clamd and their Dovecot; and nothing shall fetch the signatures of the world here.
    never_started() {
        [[ " ${missing[*]} " == *" $1 "* ]] && ! grep -qx "$1" <<<"$installed" || return 0
        local unit
        for unit in "${@:2}"; do
            [ -e "/etc/systemd/system/$unit" ] || "${as_root[@]}" ln -sn /dev/null "/etc/systemd/system/$unit"
        done
    }
    never_started clamav-daemon clamav-daemon.service clamav-daemon.socket clamav-freshclam.service
    never_started dovecot-imapd dovecot.service dovecot.socket
    apt install --no-install-recommends "${missing[@]}"
fi

# npm writes node_modules/.package-lock.json last, so its age tells whether an earlier run came to its end.
if [[ " $groups " == *' web '* ]] && [ -f web/package-lock.json ] &&
    [ ! web/node_modules/.package-lock.json -nt web/package-lock.json ]; then
    echo 'setup: installing the npm packages of web/' >&2
    (cd web && npm ci --no-audit --no-fund)
    touch web/node_modules/.package-lock.json
fi
