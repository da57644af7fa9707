/**
 * For bash on a firewall: `begin ID SECONDS MATCH…` traces what the matches name, and returns once it does. A process of its own takes
 * the rules away again: when `end ID` tells it to, and otherwise after SECONDS, whatever became of who asked. TRACE stands first in the
 * raw table, before anything that could drop; a table that is there for that alone goes with it (`-X` of an empty one).
 */
export const beginScript = String.raw`
exec 2>&1
id=$1 seconds=$2; shift 2
file=/tmp/lab-why-$id
fresh=; iptables-save -t raw | grep -qE '^-A|^:[^ ]+ (DROP|-)' || fresh=yes
rules() {
  for match; do for chain in PREROUTING OUTPUT; do
    iptables -w 5 -t raw "$op" "$chain" $match -m comment --comment "lab why $id" -j TRACE || return
  done; done
}
(
  trap 'exit 1' TERM INT HUP
  trap 'kill $monitor; op=-D; rules "$@"; [ -z "$fresh" ] || iptables -w 5 -t raw -X; [ -e $file.keep ] || rm -f $file $file.*' EXIT
  op=-I; rules "$@" >$file.error 2>&1 || exit
  timeout "$seconds" xtables-monitor --trace >$file 2>&1 & monitor=$!
  for _ in $(seq 100); do
    # Group 9 of nfnetlink (12) is where traces are told.
    grep -q '^[0-9a-f]* 12 .* 00000100 ' /proc/net/netlink && { : >$file.ready; break; }
    sleep 0.02
  done
  wait $monitor
) </dev/null >/dev/null 2>&1 &
echo $! >$file.pid
for _ in $(seq 150); do
  [ ! -e $file.ready ] || { iptables-save -c; exit 0; }
  kill -0 $(cat $file.pid) 2>/dev/null || break
  sleep 0.02
done
cat $file.error 2>/dev/null
exit 1
`;

/** `end ID`: what was traced, the rules with their counters, and the firewall's own routes, neighbours and forwarding. */
export const endScript = String.raw`
file=/tmp/lab-why-$1
: >$file.keep
pid=$(cat $file.pid)
# The fifth column is what nobody has read yet: it would be lost.
for _ in $(seq 50); do grep -qE '^[0-9a-f]+ +12 +[0-9]+ +00000100 +[1-9]' /proc/net/netlink || break; sleep 0.02; done
kill $pid 2>/dev/null
for _ in $(seq 150); do kill -0 $pid 2>/dev/null || break; sleep 0.02; done
iptables-save -c
echo =trace=; cat $file 2>/dev/null
echo =forward=; cat /proc/sys/net/ipv4/ip_forward
echo =routes=; ip -4 route show table all
echo =neighbours=; ip -4 neigh show
rm -f $file $file.*
`;
