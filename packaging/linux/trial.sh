# Tries both packages, which lie in /tmp of the clean system $1. trying.py runs this as root, on a
# screen, and in a namespace of mounts that ends with it.
set -eu
root=$1
pictures=$2

inside() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive "$@"
}

as_teacher() {
    exec chroot --userspec=1000:1000 "$root" env -i PATH=/usr/bin:/bin LANG=C.UTF-8 \
        HOME=/home/teacher DISPLAY="$DISPLAY" XAUTHORITY=/tmp/xauthority "$@"
}

say() { printf -- '-- %s\n' "$*"; }

fail() {
    say "FAILED: $*"
    exit 1
}

shows_a_window() {
    (as_teacher "$1") &
    program=$!
    tenths=0
    until xwininfo -root -tree | grep -q '"LinReg'; do
        tenths=$((tenths + 1))
        [ "$tenths" -lt 300 ] || fail 'no window appears'
        sleep 0.1
    done
    say "a window after $tenths tenths of a second"
    if command -v import >/dev/null; then
        sleep 5
        import -window root "$pictures"
    fi
    # `wait` gives 143 for what a signal has killed, too.
    caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$program/status")
    [ $((0x$caught >> 14 & 1)) = 1 ] || fail 'SIGTERM would kill it'
    kill -TERM "$program"
    code=0
    wait "$program" || code=$?
    [ "$code" = 143 ] || fail "closing it gives $code"
}

mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir -p "$root/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
install -m 644 "$XAUTHORITY" "$root/tmp/xauthority"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
inside useradd --uid 1000 --create-home teacher
archive=/home/teacher/linreg
mkdir "$root$archive"
tar -xf "$root"/tmp/*.tar.xz -C "$root$archive" --strip-components=1 --no-same-owner

say 'there is no Python'
! inside sh -c 'command -v python3' || fail 'there is one'

say 'the archive says what it needs'
code=0
said=$(as_teacher $archive/linreg-gui 2>&1) || code=$?
printf '%s\n' "$said"
[ "$code" = 1 ] || fail "its exit code is $code"
case $said in *libegl1*) ;; *) fail 'it names no library' ;; esac

say 'the package is installed'
before=$(inside find /usr /etc /var/lib /opt /srv /root -xdev ! -path '/var/lib/dpkg/*' ! -path '/var/lib/apt/*' | sort)
inside apt-get update -qq
inside apt-get install -qq -y --no-install-recommends "/tmp/$(basename "$root"/tmp/*.deb)" >/dev/null
! inside sh -c 'command -v python3' || fail 'it has brought a Python of the system'
inside du -sm /usr/lib/linreg-gui

say 'it finds itself in order'
(as_teacher linreg-gui --self-test)
(as_teacher linreg-gui --install-desktop-entry)

say 'it works without a window'
(as_teacher linreg-gui --batch /home/teacher/out --export notebook /home/teacher/run.ipynb)

say 'it shows a window'
shows_a_window linreg-gui

say 'the archive works as well'
(as_teacher $archive/linreg-gui --self-test >/dev/null)
shows_a_window $archive/linreg-gui
(as_teacher $archive/linreg-gui --install-desktop-entry)

say 'the desktop knows its files'
inside apt-get install -qq -y --no-install-recommends desktop-file-utils shared-mime-info >/dev/null
inside desktop-file-validate /usr/share/applications/linreg-gui.desktop
inside grep linreg /usr/share/mime/globs2 /usr/share/applications/mimeinfo.cache

say 'it removes itself completely'
inside apt-get purge -qq -y linreg-gui >/dev/null
inside apt-get purge -qq -y --autoremove desktop-file-utils shared-mime-info >/dev/null
left=$(inside find /usr /etc /var /opt /srv /root -xdev -iname '*linreg*')
[ -z "$left" ] || fail "it has left $left"
after=$(inside find /usr /etc /var/lib /opt /srv /root -xdev ! -path '/var/lib/dpkg/*' ! -path '/var/lib/apt/*' | sort)
say 'left by the libraries that came with it:'
printf '%s\n%s\n' "$before" "$after" | sort | uniq -u
say 'left in the home folder:'
find "$root/home/teacher" -not -path "$root$archive/*" -type f
