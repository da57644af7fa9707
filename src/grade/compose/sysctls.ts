import type { Tree } from './tree.ts';
import { shown } from './tree.ts';
import type { Values } from './values.ts';

interface Sysctl {
  name: RegExp;
  firewallOnly: boolean;
  most: number;
}

/** Settings that belong to a container's own network namespace. */
const allowed: readonly Sysctl[] = [
  { name: /^net\.ipv4\.ip_forward$/, firewallOnly: true, most: 1 },
  {
    name: /^net\.ipv4\.conf\.(?:all|default)\.(?:forwarding|rp_filter|accept_redirects|secure_redirects|send_redirects|accept_source_route|log_martians|arp_ignore|arp_announce)$/,
    firewallOnly: true,
    most: 2,
  },
  {
    name: /^net\.ipv6\.conf\.(?:all|default)\.(?:accept_ra|accept_redirects|forwarding)$/,
    firewallOnly: true,
    most: 1,
  },
  { name: /^net\.ipv6\.conf\.(?:all|default|lo)\.disable_ipv6$/, firewallOnly: false, most: 1 },
  {
    name: /^net\.ipv4\.tcp_(?:syncookies|keepalive_(?:time|intvl|probes)|fin_timeout)$/,
    firewallOnly: false,
    most: 7200,
  },
  { name: /^net\.ipv4\.ip_unprivileged_port_start$/, firewallOnly: false, most: 1024 },
  { name: /^net\.ipv4\.icmp_echo_ignore_(?:all|broadcasts)$/, firewallOnly: false, most: 1 },
  { name: /^net\.core\.somaxconn$/, firewallOnly: false, most: 4096 },
];

/** A service's kernel settings; those of a router are for firewalls. */
export function readSysctls(values: Values, tree: Tree, firewall: boolean): Map<string, string> {
  const read = new Map<string, string>();
  for (const { key, value } of values.pairs(tree, 'sysctls')) {
    const sysctl = allowed.find(({ name }) => name.test(key));
    if (sysctl === undefined) values.wrong(value, `sysctls: ${shown(key)} is not taken`, 'COMPOSE_SYSCTL');
    else if (sysctl.firewallOnly && !firewall) {
      values.wrong(value, `sysctls: ${shown(key)} is for the firewalls that lab-roles.yml names`, 'COMPOSE_SYSCTL');
    } else {
      const number = values.integer(value, `sysctls: ${key}`, 0, sysctl.most);
      if (number !== undefined) read.set(key, String(number));
    }
  }
  return read;
}
