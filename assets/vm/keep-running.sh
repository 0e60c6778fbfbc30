#!/bin/sh
# Runs a service of a hub, and runs it again when it ends by itself, on a machine without systemd.
#
#     sh keep-running.sh RUN NAME PROGRAM [WORD …]
#
# RUN/NAME.pid says as which process the service runs now. After TERM it is not started again: whoever ends this ends the
# service too. It is not put into the background, where a shell would have it, and every server and terminal below it,
# ignore Ctrl-C. This is read whole before it begins, so that its file may go.

main() {
  run=$1 name=$2 ending=''
  shift 2
  trap 'ending=yes' TERM INT HUP
  while [ -z "$ending" ]; do
    /bin/sh -c 'echo $$ >"$0.new" && mv "$0.new" "$0" && exec "$@"' "$run/$name.pid" "$@"
    status=$?
    rm -f "$run/$name.pid"
    [ -z "$ending" ] || break
    echo "The $name ended by itself (status $status) and is started again."
    [ "$name" != hub ] || end_orphans "$1"
    sleep 2
    [ "$name" != proxy ] || restart_hub
  done
}

# What a hub that was killed had started from its own Python, such as the idle culler.
end_orphans() {
  processes | while read -r pid words; do
    case $words in "$1 -m "*) kill -TERM "$pid" 2>/dev/null ;; esac
  done
}

# A new proxy knows the way to no server. A hub tells its proxy every way when it starts.
restart_hub() {
  read -r hub 2>/dev/null <"$run/hub.pid" || return 0
  processes | while read -r pid words; do
    case $pid/$words in "$hub/"*jupyterhub_config.py*) kill -TERM "$pid" 2>/dev/null ;; esac
  done
}

processes() {
  ps -axww -o pid=,args= 2>/dev/null && return
  for place in /proc/[0-9]*; do
    echo "${place#/proc/} $(tr '\0' ' ' 2>/dev/null <"$place/cmdline")"
  done
}

main "$@"
exit
