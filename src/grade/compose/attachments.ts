import type { Attachment } from './described.ts';
import { most } from './limits.ts';
import type { Tree } from './tree.ts';
import { shown } from './tree.ts';
import type { Values } from './values.ts';

const hostName = /^[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?$/;
export const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
/** Locally administered, of one station: never the address of a real card, of many or of all. */
const ownMac = /^[0-9a-f][26ae](?::[0-9a-f]{2}){5}$/i;

/** The networks that a service joins, and how. */
export function readAttachments(values: Values, tree: Tree, networks: ReadonlySet<string>): Attachment[] {
  const entries =
    tree.kind === 'map'
      ? [...tree.entries].map(([network, { at, value }]) => ({ network, at, value }))
      : values
          .items(tree, 'networks')
          .map((item) => ({ network: values.text(item, 'networks') ?? '', at: item.at, value: undefined }));
  const read = new Map<string, Attachment>();
  for (const { network, at, value } of entries) {
    if (!networks.has(network)) values.wrong({ ...tree, at }, `networks: the project has no network ${shown(network)}`);
    else
      read.set(network, {
        ...(value === undefined ? {} : readAttachment(values, value)),
        ...defaults(values, value),
        network,
        at,
      });
  }
  return [...read.values()];
}

function defaults(values: Values, value: Tree | undefined): Pick<Attachment, 'aliases' | 'priority'> {
  const at = (key: string): Tree | undefined => (value?.kind === 'map' ? value.entries.get(key)?.value : undefined);
  const aliases = at('aliases');
  const priority = at('gw_priority') ?? at('priority');
  return {
    aliases:
      aliases === undefined ? [] : (values.texts(aliases, 'networks.aliases', hostName) ?? []).slice(0, most.list),
    priority: priority === undefined ? 0 : (values.integer(priority, 'networks.priority', 0, 1_000_000) ?? 0),
  };
}

function readAttachment(values: Values, tree: Tree): Pick<Attachment, 'address' | 'mac'> {
  values.onlyKeys(tree, 'networks', ['aliases', 'ipv4_address', 'mac_address', 'priority', 'gw_priority']);
  const map = values.map(tree, 'networks');
  const wanted = map.get('ipv4_address')?.value;
  const card = map.get('mac_address')?.value;
  const address = wanted && values.text(wanted, 'ipv4_address', ipv4);
  const mac = card && values.text(card, 'mac_address', ownMac);
  return { ...(address === undefined ? {} : { address }), ...(mac === undefined ? {} : { mac: mac.toLowerCase() }) };
}

/** Names in /etc/hosts. The host of the containers is not among them. */
export function readHosts(values: Values, tree: Tree): { name: string; address: string }[] {
  const entries =
    tree.kind === 'map'
      ? [...tree.entries].flatMap(([name, { value }]) =>
          (value.kind === 'list' ? value.items : [value]).map((item) => ({
            name,
            address: values.text(item, 'extra_hosts'),
            at: item,
          })),
        )
      : values.items(tree, 'extra_hosts').map((item) => {
          const [, name = '', address] = /^([^=:]+)[=:](.*)$/.exec(values.text(item, 'extra_hosts') ?? '') ?? [];
          return { name, address, at: item };
        });
  return entries.slice(0, most.list).flatMap(({ name, address, at }) => {
    if (address !== undefined && ipv4.test(address) && hostName.test(name)) return [{ name, address }];
    values.wrong(at, 'extra_hosts: NAME:IPv4 address is expected', 'COMPOSE_NETWORK');
    return [];
  });
}
