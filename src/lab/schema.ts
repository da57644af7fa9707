import * as z from 'zod';

// A run reads one lab, which takes half the time that compiling a parser for it would.
z.config({ jitless: true });

/** A name that is safe as a Compose service, a host name and an iptables interface (15 bytes at most). */
const name = z
  .string()
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, 'lower-case letters, digits and hyphens between them, starting with a letter')
  .max(15);

const domain = z
  .string()
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'a host name such as www.foobar.com');

const port = z.int().min(1).max(65535);

/** `service:port`, the end of a flow. */
const target = z.string().regex(/^[a-z][a-z0-9-]*:[1-9][0-9]{0,4}$/, 'service:port, such as balancer:443');

/** It becomes a comment of the Compose file: a second line would be read as Compose. */
const oneLine = z.string().regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'one line of text');

/** Without apostrophes: the mail configuration quotes addresses with them. */
const mailAddress = z.email({
  pattern: /^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/,
});

const about = z.string().max(300).optional().describe('What it is for, in a sentence.');

export const zoneSchema = z
  .strictObject({
    router: name
      .optional()
      .describe(
        'The firewall that is this zone’s default gateway. Left out in a lab without firewalls, whose one zone is `edge`.',
      ),
    about,
  })
  .describe('A network segment with exactly one router, or the only one of a lab without firewalls.');

const inZone = { zone: name.describe('The zone it lives in.'), about };

export const serviceSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('firewall'), about })
    .describe('Stands between zones and stops unauthorised traffic.'),
  z.strictObject({ kind: z.literal('balancer'), ...inZone }).describe('HAProxy: terminates TLS, spreads requests.'),
  z
    .strictObject({
      kind: z.literal('web'),
      ...inZone,
      stack: z
        .enum(['nginx-node', 'apache-php', 'caddy-python'])
        .default('nginx-node')
        .describe('What it is made of: the web server in front, and the language of the application.'),
    })
    .describe('A server: a web server in front, the application, its files.'),
  z
    .strictObject({
      kind: z.literal('database'),
      ...inZone,
      role: z
        .enum(['primary', 'replica', 'member'])
        .describe(
          'The one that takes writes, one that follows it, or a member of a group that chooses its primary by itself.',
        ),
    })
    .describe('A MySQL server.'),
  z
    .strictObject({ kind: z.literal('server'), ...inZone })
    .describe('One server with everything on it: Nginx, the application, its files, and MySQL as the primary.'),
  z.strictObject({ kind: z.literal('prometheus'), ...inZone }).describe('Collects metrics and evaluates alerts.'),
  z.strictObject({ kind: z.literal('alertmanager'), ...inZone }).describe('Routes alerts to the administrators.'),
  z.strictObject({ kind: z.literal('grafana'), ...inZone }).describe('Dashboards.'),
  z.strictObject({ kind: z.literal('inbox'), ...inZone }).describe('Receives the administrators’ mail.'),
  z.strictObject({ kind: z.literal('prober'), ...inZone }).describe('Watches the site from outside.'),
]);

export const flowSchema = z
  .strictObject({
    about,
    from: z.array(name).min(1).describe('Zones, services, or `host`.'),
    to: z.array(target).min(1).describe('Services and their ports.'),
  })
  .describe('An allowed conversation.');

/** A package by its name, or several by a name with asterisks. */
const packages = z
  .string()
  .regex(/^[a-z0-9*][a-z0-9+.*-]*$/, 'a Debian package, or several with *, such as libc6 or perl*');

export const waiverSchema = z
  .strictObject({
    packages: z.array(packages).min(1).describe('Names of packages; * stands for any characters.'),
    reason: oneLine.min(10).max(300).describe('Why they cannot differ.'),
  })
  .describe('Packages that all servers may have.');

export const labSchema = z
  .strictObject({
    extends: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The lab that this one builds on: its name, or a file beside this one. Sections are merged; null takes one away.',
      ),
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens, starting with a letter')
      .max(40),
    title: oneLine.min(1).max(100),
    site: z.strictObject({
      domain: domain.describe('The name visitors use.'),
      aliases: z.array(domain).default([]),
    }),
    zones: z.record(name, zoneSchema),
    services: z.record(name, serviceSchema),
    sharedAddresses: z
      .record(
        name,
        z.strictObject({
          among: z.array(name).min(2).describe('The balancers that share it, all in one zone.'),
          about,
        }),
      )
      .default({})
      .describe(
        'Addresses that one of several balancers holds at a time; when it is gone, another takes it (VRRP, RFC 9568).',
      ),
    tls: z
      .strictObject({
        outside: z
          .enum(['tls', 'plain'])
          .default('tls')
          .describe('Towards visitors: HTTPS, to which HTTP is redirected, or HTTP alone.'),
        minimumVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2'),
        hstsSeconds: z.int().min(0).default(31_536_000),
        certificateDays: z.int().min(8).max(397).default(90).describe('Days a certificate lasts.'),
        inside: z
          .enum(['plain', 'mutual'])
          .default('plain')
          .describe(
            'Behind the balancer: plain HTTP to the servers, or TLS in which both sides show a certificate, to the servers, to the databases and between them.',
          ),
      })
      .prefault({}),
    database: z
      .strictObject({
        name: z
          .string()
          .regex(/^[a-z][a-z0-9_]{0,31}$/, 'lower-case letters, digits and underscores')
          .default('foobar'),
        semisynchronous: z.boolean().default(true),
      })
      .prefault({}),
    monitoring: z
      .strictObject({
        scrapeIntervalSeconds: z.int().min(1).max(60).default(2),
        administrators: z.array(mailAddress).min(1).default(['admin@foobar.com']),
      })
      .prefault({}),
    limits: z
      .strictObject({
        newConnectionsPerSecond: z.int().min(1).max(100_000).default(200),
        burst: z.int().min(1).max(100_000).default(300),
      })
      .prefault({})
      .describe('New connections that one visitor may open at the edge.'),
    diversity: z
      .strictObject({ waivers: z.array(waiverSchema).default([]) })
      .optional()
      .describe('That no package is on all servers, but for those that are waived.'),
    endpoints: z
      .record(name, z.strictObject({ to: target, hostPort: port }))
      .default({})
      .describe('What is published on 127.0.0.1 of the host, through the edge firewall if there is one.'),
    flows: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens'), flowSchema),
  })
  .describe('A lab: a web infrastructure, as `lab` builds it.');

/** A lab as it stands in `lab.yml`, with defaults filled in. */
export type Lab = z.infer<typeof labSchema>;
export type Service = z.infer<typeof serviceSchema>;
export type ServiceKind = Service['kind'];
export type Zone = z.infer<typeof zoneSchema>;
export type Waiver = z.infer<typeof waiverSchema>;
export type Flow = z.infer<typeof flowSchema>;
export type ServiceOf<K extends ServiceKind> = Extract<Service, { kind: K }>;
