import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';

/** A Debian package, and the one file that it brings. */
export interface SmallPackage {
  name: string;
  file: string;
}

/** A package that one server gets from another, behind the read-only root's back, as with `dpkg --install`: its file, and dpkg's own record of it. */
export function packageFrom(donor: string, service: string, { name, file }: SmallPackage): Change {
  const operate = (lab: RunningLab, script: string): Promise<string> =>
    lab.asSurgeon(
      service,
      `nsenter -t 1 -m -- sh -euc 'mount -o remount,bind,rw /; trap "mount -o remount,bind,ro /" EXIT; ${script}'`,
    );
  const read = (lab: RunningLab, of: string, script: string): Promise<string> =>
    lab.run(of, ['sh', '-c', `{ ${script}; } | gzip -9 | base64 -w 0`]);
  return {
    touches: `${service}/var/lib/dpkg`,
    read: async (lab) =>
      (await lab.run(service, ['sh', '-c', `dpkg-query -W ${name} 2>/dev/null || echo absent`])).trim(),
    apply: async (lab) => {
      const record = await read(lab, donor, `echo; dpkg-query -s ${name}`);
      const content = await read(lab, donor, `cat ${file}`);
      await operate(
        lab,
        [
          'cp -p /var/lib/dpkg/status /var/lib/dpkg/status-before',
          `echo ${content} | base64 -d | gunzip > ${file}`,
          `echo ${file} > /var/lib/dpkg/info/${name}.list`,
          `echo ${record} | base64 -d | gunzip >> /var/lib/dpkg/status`,
        ].join('; '),
      );
    },
    restore: async (lab) => {
      const gone = `rm -f ${file} /var/lib/dpkg/info/${name}.list`;
      await operate(
        lab,
        `[ ! -e /var/lib/dpkg/status-before ] || mv /var/lib/dpkg/status-before /var/lib/dpkg/status; ${gone}`,
      );
    },
  };
}
