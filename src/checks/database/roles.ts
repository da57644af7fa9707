import type { ServicePlan } from '../../plan/types.ts';
import type { CheckContext } from '../check.ts';
import { databasesOf } from '../services.ts';

/** Who takes writes, and from whom visitors read. */
export interface Roles {
  primary: ServicePlan;
  /** The first of those that visitors read from. */
  replica: ServicePlan;
  /** All of them. */
  readers: ServicePlan[];
}

/**
 * As the lab has written it down; of a group, as its members say now.
 * @throws when nobody takes writes, or, in a group, more than one
 */
export async function rolesNow(context: Pick<CheckContext, 'plan' | 'exec'>): Promise<Roles> {
  const members = databasesOf(context.plan, 'member');
  const [primary] =
    members.length === 0 ? databasesOf(context.plan, 'primary') : await saying(context, members, 'primary');
  if (primary === undefined)
    throw new Error(members.length === 0 ? 'the lab has no primary' : 'the group has no primary');
  const others = members.length === 0 ? databasesOf(context.plan, 'replica') : await saying(context, members, 'reader');
  const readers = others.length === 0 ? [primary] : others;
  return { primary, replica: readers[0] ?? primary, readers };
}

/** Those members that say they are that. */
async function saying(
  context: Pick<CheckContext, 'exec'>,
  members: readonly ServicePlan[],
  what: 'primary' | 'reader',
): Promise<ServicePlan[]> {
  const said = await Promise.all(
    members.map(async (member) => {
      // One that does not run says nothing.
      const outcome = await context.exec(member.name, ['test', '-e', `/run/group/${what}`]).catch(() => undefined);
      return outcome?.exitCode === 0 ? [member] : [];
    }),
  );
  return said.flat();
}
