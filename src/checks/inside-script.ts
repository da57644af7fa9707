import { connectScript } from './connect-script.ts';

/**
 * For bash in a service's container: `inside PERL NAME [allowed=tcp/ADDRESS:PORT…] [denied=…]`. Connections are tried while the rest is
 * read. Grafana's image has no Perl: there bash's own /dev/tcp does it, a process for each, and UDP is left out.
 */
export const insideScript = String.raw`
exec 2>&1
script=$1 name=$2; shift 2
if command -v perl >/dev/null; then
  perl -e "$script" -- "$@" &
else
  for word; do
    target=\${word#*=} address=\${word#*=tcp/} seconds=0.8
    case $word in *=udp/*) continue ;; allowed=*) seconds=3 ;; esac
    timeout $seconds bash -c "exec 3<>/dev/tcp/\${address%:*}/\${address#*:} && echo open $target" &
  done
  echo tried all
fi
for folder in '' /etc /usr/local/bin /usr/share /var /opt /root; do
  if (: >"$folder/.lab-write"); then echo "wrote \${folder:-/}"; rm -f "$folder/.lab-write"; fi
done
stat -c 'secret %a %u %n' /run/secrets/* 2>/dev/null
grep -rlsI -e '-----BEGIN .*PRIVATE KEY' /run /tmp /etc/lab /etc/ssl 2>/dev/null | sed 's/^/key /'
resolved=$(timeout 2 getent ahostsv4 "$name" 2>/dev/null) && echo resolved $resolved
grep -hE '^(Name|Uid):' /proc/[0-9]*/status 2>/dev/null
sed 's/^/ipv6 /' /proc/net/if_inet6 /proc/net/ipv6_route 2>/dev/null
wait
echo =processes=
cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n'
exit 0
`.replaceAll('\\$', '$');

/** How bash is called to run it. */
export function insideArguments(name: string, targets: readonly string[]): string[] {
  return ['bash', '-c', insideScript, 'inside', connectScript, name, ...targets];
}
