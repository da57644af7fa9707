import { parseSubnet } from '../../plan/ipv4.ts';
import { ipv4 } from './attachments.ts';
import type { DescribedNetwork } from './described.ts';
import type { Entry, Tree } from './tree.ts';
import { shown } from './tree.ts';
import type { Values } from './values.ts';

const bridge = 'com.docker.network.bridge';
/** The driver's options that a lab's network may name; ours are written in any case. */
const driverOptions: Readonly<Record<string, RegExp>> = {
  [`${bridge}.inhibit_ipv4`]: /^(?:true|false)$/,
  [`${bridge}.gateway_mode_ipv4`]: /^(?:routed|nat)$/,
  [`${bridge}.enable_ip_masquerade`]: /^(?:true|false)$/,
};

/** A network at the top level. */
export function readNetwork(values: Values, name: string, { at, value }: Entry): DescribedNetwork {
  const network: { -readonly [K in keyof DescribedNetwork]: DescribedNetwork[K] } = { name, at };
  for (const [key, entry] of values.map(value, `network ${shown(name)}`)) networkKey(values, network, key, entry);
  return network;
}

function networkKey(
  values: Values,
  network: { subnet?: string; gateway?: string },
  key: string,
  { at, value }: Entry,
): void {
  const refuse = (why: string): void =>
    values.findings.refuse('COMPOSE_NETWORK', at, `networks: ${shown(key)}: ${why}`);
  if (key === 'driver') {
    if (values.text(value, 'driver') !== 'bridge') refuse('the driver of a zone is bridge');
  } else if (key === 'driver_opts') {
    for (const { key: option, value: wanted } of values.pairs(value, 'driver_opts')) {
      const pattern = Object.hasOwn(driverOptions, option) ? driverOptions[option] : undefined;
      if (pattern === undefined) values.wrong(wanted, `driver_opts: ${shown(option)} is not taken`, 'COMPOSE_NETWORK');
      else values.text(wanted, `driver_opts: ${option}`, pattern);
    }
    values.findings.note(
      at,
      'driver_opts: every zone is a network without an address of the host, routed, not masqueraded',
    );
  } else if (key === 'ipam') readIpam(values, network, value);
  else if (key === 'external') refuse('only networks of the project are used');
  else if (key === 'name') values.findings.note(at, 'the grader names networks');
  else if (key === 'attachable') values.findings.note(at, 'attachable changes nothing here');
  else if (key === 'labels') {
    for (const { key: label } of values.pairs(value, 'labels')) {
      if (/^(?:com\.docker\.|lab\.)/i.test(label))
        values.findings.refuse('COMPOSE_LABEL', at, `labels: ${shown(label)} is kept by the engine or the grader`);
    }
    values.findings.note(at, 'labels are left out: nobody reads them here');
  } else if (key === 'internal' && value.kind === 'scalar' && value.value === false) return;
  else if (key === 'internal')
    refuse('an internal network gives its services no router; no zone has a way out here anyway');
  else if (key === 'enable_ipv6' && value.kind === 'scalar' && value.value === false) return;
  else refuse('is not taken');
}

function readIpam(values: Values, network: { subnet?: string; gateway?: string }, tree: Tree): void {
  values.onlyKeys(tree, 'ipam', ['driver', 'config']);
  const map = values.map(tree, 'ipam');
  const driver = map.get('driver')?.value;
  if (driver !== undefined) values.text(driver, 'ipam.driver', /^default$/);
  const config = map.get('config')?.value;
  const [first, ...more] = config === undefined ? [] : values.items(config, 'ipam.config');
  if (more[0] !== undefined) values.wrong(more[0], 'ipam: one subnet for each zone', 'COMPOSE_NETWORK');
  if (first === undefined) return;
  values.onlyKeys(first, 'ipam.config', ['subnet', 'gateway', 'ip_range']);
  const entries = values.map(first, 'ipam.config');
  const range = entries.get('ip_range');
  if (range !== undefined)
    values.findings.note(range.at, 'ip_range: the grader chooses the addresses of its own probes');
  const gateway = entries.get('gateway')?.value;
  const subnet = entries.get('subnet')?.value;
  const text = subnet && values.text(subnet, 'subnet');
  if (subnet !== undefined && text !== undefined) {
    const [, address = '', prefix = ''] = /^([^/]*)\/(\d{1,2})$/.exec(text) ?? [];
    if (!ipv4.test(address) || Number(prefix) < 24 || Number(prefix) > 29)
      values.wrong(subnet, `subnet: ${shown(text)} is not an IPv4 subnet from /24 to /29`, 'COMPOSE_NETWORK');
    else if (parseSubnet(text).base !== parseSubnet(`${address}/32`).base)
      values.wrong(subnet, `subnet: ${shown(text)} does not start at its first address`, 'COMPOSE_NETWORK');
    else if (!/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(text))
      values.wrong(subnet, `subnet: ${shown(text)} is not of a private network (RFC 1918)`, 'COMPOSE_NETWORK');
    else network.subnet = text;
  }
  const router = gateway && values.text(gateway, 'gateway', ipv4);
  if (router !== undefined) network.gateway = router;
}
