import { readFile } from 'node:fs/promises';
import type { Authority } from '../../project/pki.ts';
import type { CertificatePlan, Plan } from '../../plan/types.ts';
import { onBalancers } from '../cast.ts';
import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';
import { takeUp } from './configuration.ts';
import { untilHealthy } from './process.ts';
import { writeInPlace } from './write-in-place.ts';

type Make = (plan: CertificatePlan, authority: Authority | undefined, before: string) => Promise<string>;

/** The certificate and key that visitors are shown, replaced by others: the same ones on every balancer. */
export function siteCertificate(plan: Plan, make: Make): Change[] {
  let made: Promise<string> | undefined;
  return onBalancers(plan, (balancer) => certificateOf(balancer, (...given) => (made ??= make(...given))));
}

function certificateOf(balancer: string, make: Make): Change {
  const plan = (lab: RunningLab): CertificatePlan => {
    const found = lab.plan.certificates.find(({ service }) => service === balancer);
    if (found === undefined) throw new Error(`${balancer} has no certificate`);
    return found;
  };
  const place = (lab: RunningLab): string => lab.folder.secret(balancer, `${plan(lab).name}.pem`);
  return {
    touches: `${balancer}/certificate`,
    restoreAlways: true,
    read: (lab) => readFile(place(lab), 'utf8'),
    apply: async (lab, before) => {
      await writeInPlace(place(lab), await make(plan(lab), await authorityOf(lab), before));
      await takeUp(lab, balancer, { process: 'haproxy' });
      await untilHealthy(lab, balancer, 1);
    },
    restore: async (lab, before) => {
      await writeInPlace(place(lab), before);
      await takeUp(lab, balancer, { process: 'haproxy' });
      await untilHealthy(lab, balancer);
    },
  };
}

/** The lab's own authority; mkcert and self-signed certificates leave the lab without one. */
async function authorityOf(lab: RunningLab): Promise<Authority | undefined> {
  const key = await readFile(lab.folder.authorityKey, 'utf8').catch(() => undefined);
  return key === undefined ? undefined : { certificate: await readFile(lab.folder.authority, 'utf8'), key };
}
