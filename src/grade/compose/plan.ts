import type { Refusal } from '../result.ts';
import type { Submission } from '../submission.ts';
import { addressing } from './addressing.ts';
import type { Described } from './described.ts';
import { Findings } from './findings.ts';
import { describe } from './policy.ts';
import { composeYaml, networkName, submittedFolder } from './project.ts';
import { readTree } from './read.ts';
import type { Rewrite } from './rewrite.ts';
import { rewriteBlock } from './rewrite.ts';
import type { Roles, ZoneName } from './roles.ts';
import { checkRoles, readRoles, zoneNames } from './roles.ts';

/** What Compose itself would look for, in its order. */
const composeNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const rolesName = 'lab-roles.yml';

export interface OwnZone {
  name: ZoneName;
  /** The engine's name of the network. */
  network: string;
  subnet: string;
  /** What the engine gives containers as their default route. Nobody is there unless a firewall takes the address. */
  gateway: string;
  /** Free of services, for the grader's own containers. */
  probeRange?: string;
}

/** A Compose project of ours that does what a student's project says. */
export interface OwnProject {
  composeYaml: string;
  /** Files to lie below the project's folder, readable for everybody in the containers. */
  files: { path: string; content: string }[];
  roles: Roles;
  /** By service, then by zone. */
  addresses: Record<string, Partial<Record<ZoneName, string>>>;
  zones: OwnZone[];
}

export interface OwnProjectSettings {
  /** The reference of each part's image on this machine. */
  images: Readonly<Record<string, string>>;
  /** A /24 that nobody else uses. */
  block: string;
  /** The Compose project's name. */
  project: string;
}

/**
 * Turns a student's Compose project into one of ours, or says why it is refused. Nothing of the student's YAML goes to Docker:
 * what the allow list takes is read as data, and written again.
 */
export function planOwnProject(
  submission: Submission,
  settings: OwnProjectSettings,
): { project: OwnProject; notes: string[] } | { refusals: Refusal[] } {
  const findings = new Findings();
  const described = read(submission, findings);
  if (described === undefined || findings.refusals.length > 0) return { refusals: findings.refusals };
  const where = addressing(described, settings.block, findings);
  for (const { at, part } of described.services) {
    if (settings.images[part] === undefined)
      findings.refuse('COMPOSE_IMAGE', at, `there is no image of lab/${part} here`);
  }
  if (findings.refusals.length > 0) return { refusals: findings.refusals };
  const rewrite = rewriteBlock(where.block, settings.block);
  if (rewrite.from !== rewrite.to)
    findings.note({ file: 'compose.yml' }, `addresses of ${rewrite.from} became addresses of ${rewrite.to}`);
  const target = { ...settings, addressing: where, rewrite };
  const project: OwnProject = {
    composeYaml: composeYaml(described, target),
    files: mountedFiles(submission, described, rewrite, findings),
    roles: described.roles,
    addresses: {},
    zones: [],
  };
  for (const zone of zoneNames) {
    const name = described.roles.zones[zone];
    const network = name === undefined ? undefined : where.networks.get(name);
    if (name === undefined || network === undefined) continue;
    const { subnet, gateway, probeRange } = network;
    project.zones.push({
      name: zone,
      network: networkName(settings.project, name, described.roles),
      subnet: rewrite.address(subnet),
      gateway: rewrite.address(gateway),
      ...(probeRange === undefined ? {} : { probeRange: rewrite.address(probeRange) }),
    });
    for (const [service, stations] of where.stations) {
      const station = stations.get(name);
      if (station !== undefined)
        project.addresses[service] = { ...project.addresses[service], [zone]: rewrite.address(station.address) };
    }
  }
  return { project, notes: findings.notes };
}

function read(submission: Submission, findings: Findings): Described | undefined {
  const names = composeNames.filter((name) => submission.files.has(name));
  const [file] = names;
  if (file === undefined) {
    findings.refuse('COMPOSE_MISSING', { file: 'compose.yml' }, 'the submission holds no compose.yml');
    return undefined;
  }
  if (names.length > 1)
    findings.refuse('COMPOSE_MISSING', { file }, `one Compose file is expected, not ${names.join(' and ')}`);
  const rolesText = submission.files.get(rolesName);
  if (rolesText === undefined) {
    findings.refuse('ROLES_MISSING', { file: rolesName }, 'the submission does not say which service plays which part');
    return undefined;
  }
  const rolesTree = readTree(rolesText, rolesName, findings);
  const tree = readTree(submission.files.get(file) ?? '', file, findings);
  const roles = rolesTree && readRoles(rolesTree, findings);
  if (tree === undefined || rolesTree === undefined || roles === undefined) return undefined;
  const described = describe(tree, roles, submission, findings);
  const there = {
    services: new Set(described.services.map(({ name }) => name)),
    networks: new Set(described.networks.map(({ name }) => name)),
  };
  checkRoles(roles, rolesTree, there, findings);
  return described;
}

/** The files that some service mounts, their addresses moved. */
function mountedFiles(
  submission: Submission,
  { services }: Described,
  rewrite: Rewrite,
  findings: Findings,
): OwnProject['files'] {
  const sources = services.flatMap(({ mounts }) =>
    mounts.filter(({ kind }) => kind === 'submitted').map(({ source }) => source),
  );
  const mounted = [...submission.files].filter(([path]) =>
    sources.some((source) => source === '' || path === source || path.startsWith(`${source}/`)),
  );
  return mounted.map(([path, text]) => {
    const moved = rewrite.text(text);
    if (moved.lines.length > 0) {
      const lines = moved.lines.length > 12 ? `${moved.lines.slice(0, 12).join(', ')} …` : moved.lines.join(', ');
      findings.note({ file: path }, `addresses of ${rewrite.from} became addresses of ${rewrite.to} in line ${lines}`);
    }
    return { path: `${submittedFolder}/${path}`, content: moved.text };
  });
}
