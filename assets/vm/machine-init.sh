#!/bin/sh
# The first program of the machine. Docker mounts control groups read-only in a container without --privileged; systemd writes
# them. The container has control groups of its own (--cgroupns=private), so only these are opened.
set -eu
while read -r _ place type _; do
  case $type in
    cgroup | cgroup2) mount -o remount,bind,rw,nosuid,nodev,noexec "$place" ;;
  esac
done </proc/mounts
exec /sbin/init
