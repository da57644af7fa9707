import { set, type Rule } from './service-rule.ts';
import { readSysctls } from './sysctls.ts';
import { shown } from './tree.ts';

/** Keys that ask for rights on the machine: a firewall gets what it needs, and nobody anything else. */
export const rightsKeys: Readonly<Record<string, Rule>> = {
  cap_add: (tree, draft, { values, firewall }) => {
    for (const item of values.items(tree, 'cap_add')) {
      const capability = values.text(item, 'cap_add')?.replace(/^CAP_/i, '').toUpperCase();
      if (capability === undefined) continue;
      if (capability === 'NET_ADMIN' && firewall) draft.netAdmin = true;
      else
        values.wrong(
          item,
          `cap_add: ${shown(capability)} is not taken; only a firewall of lab-roles.yml gets NET_ADMIN, and nothing else`,
          'COMPOSE_CAPABILITY',
        );
    }
  },
  security_opt: (tree, _, { values }) => {
    for (const item of values.items(tree, 'security_opt')) {
      const option = values.text(item, 'security_opt');
      if (option !== undefined && !/^no-new-privileges(?:[:=]true)?$/.test(option)) {
        values.wrong(
          item,
          `security_opt: ${shown(option)} is not taken; no-new-privileges:true is`,
          'COMPOSE_SECURITY_OPTION',
        );
      }
    }
  },
  sysctls: (tree, draft, { values, firewall }) => set(draft, 'sysctls', readSysctls(values, tree, firewall)),
};
