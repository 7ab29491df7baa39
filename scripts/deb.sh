#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes build/okpay_VERSION_ARCH.deb from build/release/okpay and web/dist. Its dependencies are read from the program.
# The test of the package names others: PROGRAM, WEB, OUT (a directory, made anew), COMPRESSION (of dpkg-deb).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8
# Built twice from the same commit it is the same file.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH

version=$(sed -n 's/^project(okpay VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
arch=$(dpkg --print-architecture)
program=${PROGRAM:-build/release/okpay}
web=${WEB:-web/dist}
out=${OUT:-build}
work=$out/deb
root=$work/okpay
umask 022
rm -rf "$work"
mkdir -p "$root/DEBIAN" "$work/debian"

install -D -m 0755 "$program" "$root/usr/bin/okpay"
llvm-strip-19 --strip-unneeded "$root/usr/bin/okpay"
mkdir -p "$root/usr/share/okpay"
cp -r "$web" "$root/usr/share/okpay/web"
rm -f "$root/usr/share/okpay/web/.built"
cp -r packaging/faq "$root/usr/share/okpay/faq"
chmod -R u=rwX,go=rX "$root/usr/share/okpay"
install -D -m 0644 packaging/okpay.service "$root/usr/lib/systemd/system/okpay.service"
install -D -m 0644 packaging/okpay.toml "$root/etc/okpay/okpay.toml"
for paper in README.md ARCHITECTURE.md SECURITY.md CHANGELOG.md docs/glossary.md docs/tariff.md docs/calendar.md; do
    install -D -m 0644 "$paper" "$root/usr/share/doc/okpay/$(basename "$paper")"
done
mkdir -p "$root/usr/share/man/man1"
sed "s/@VERSION@/$version/" packaging/okpay.1 | gzip -9n >"$root/usr/share/man/man1/okpay.1.gz"
gzip -9n >"$root/usr/share/doc/okpay/changelog.gz" <<TEXT
okpay ($version) bookworm; urgency=medium

  * See CHANGELOG.md beside this file.

 -- OKPay <okpay@localhost>  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
TEXT
cat >"$root/usr/share/doc/okpay/copyright" <<TEXT
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: okpay

Files: *
Copyright: 2026 the authors of OKPay
License: Apache-2.0
 On Debian systems the full text is in /usr/share/common-licenses/Apache-2.0.
TEXT
chmod 0644 "$root/usr/share/doc/okpay/copyright"
install -m 0755 packaging/debian/postinst packaging/debian/prerm packaging/debian/postrm "$root/DEBIAN/"
echo /etc/okpay/okpay.toml >"$root/DEBIAN/conffiles"

install -D -m 0644 packaging/debian/lintian-overrides "$root/usr/share/lintian/overrides/okpay"

# dpkg-shlibdeps wants a source package around it; the smallest one is this line.
echo 'Source: okpay' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info okpay/usr/bin/okpay | sed -n 's/^shlibs:Depends=//p')
cat >"$root/DEBIAN/control" <<TEXT
Package: okpay
Version: $version
Architecture: $arch
Maintainer: OKPay <okpay@localhost>
Section: net
Priority: optional
Depends: $depends, adduser, ca-certificates, fonts-noto-cjk, tzdata,
 tesseract-ocr-chi-sim, tesseract-ocr-chi-tra, tesseract-ocr-eng
Suggests: postgresql
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Description: electronic payments whose customer support is as good as the ledger
 Wallets, payments and refunds on a double-entry ledger, and the official
 support address that solves what goes wrong with them: each mail becomes a
 numbered request that knows the sender's own payments. Chinese and English.
 One program, on SQLite or PostgreSQL.
TEXT
(cd "$root" && find etc usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
dpkg-deb --root-owner-group ${COMPRESSION:+-Z"$COMPRESSION"} --build "$root" "$out/okpay_${version}_$arch.deb" >&2
