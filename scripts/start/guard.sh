#!/bin/sh
# guard.sh LOCK GRACE PROGRAM [ARGUMENT…]: runs PROGRAM, and ends it when the parent ends.
#
# Standard input is a pipe from the parent. The kernel closes the pipe when the parent ends, even by kill -9. The process
# group then gets SIGTERM, and SIGKILL once PROGRAM has ended, after GRACE seconds at the latest. LOCK, unless empty, is a
# file that stays locked while PROGRAM runs, because PROGRAM inherits the descriptor. Exits with 75 if another process
# holds the lock, otherwise with the status of PROGRAM. Systems without flock(1), such as macOS, do not lock the file.
lock=$1
grace=$2
shift 2

if [ -n "$lock" ] && command -v flock >/dev/null 2>&1; then
  exec 9>>"$lock"
  # Children of a parent that has just been killed need up to GRACE seconds to end.
  flock -w "$((grace + 2))" 9 || exit 75
fi

exec 3<&0 </dev/null
# A signal goes to the whole group, so PROGRAM gets it too.
trap : TERM INT HUP

"$@" 3<&- &
program=$!

(
  trap '' TERM INT HUP
  exec 9>&- >/dev/null 2>&1
  read -r _ <&3
  kill -TERM 0
  while [ "$grace" -gt 0 ] && kill -0 "$program"; do
    sleep 1
    grace=$((grace - 1))
  done
  kill -KILL 0
) &
watcher=$!
exec 3<&-

while :; do
  wait "$program" 2>/dev/null
  code=$?
  # A signal to this script ends `wait` early.
  kill -0 "$program" 2>/dev/null || break
done
kill -KILL "$watcher" 2>/dev/null
exit "$code"
