import type { Adaptation } from '../submission.ts';
import { crlf } from './crlf.ts';
import { haproxyCapabilities } from './haproxy-capabilities.ts';
import { haproxyCertificate } from './haproxy-certificate.ts';
import { haproxyDhparam } from './haproxy-dhparam.ts';
import { haproxyFinalNewline } from './haproxy-final-newline.ts';
import { haproxyListen } from './haproxy-listen.ts';
import { haproxyNewer } from './haproxy-newer.ts';
import { haproxyProcess } from './haproxy-process.ts';
import { haproxyServers } from './haproxy-servers.ts';
import { mysqlAddress } from './mysql-address.ts';
import { mysqlNewer } from './mysql-newer.ts';
import { mysqlPaths } from './mysql-paths.ts';

/** Adaptations by the names that exercises give them. */
export const adaptations: ReadonlyMap<string, Adaptation> = new Map([
  ['crlf', crlf],
  ['haproxy-capabilities', haproxyCapabilities],
  ['haproxy-certificate', haproxyCertificate],
  ['haproxy-dhparam', haproxyDhparam],
  ['haproxy-final-newline', haproxyFinalNewline],
  ['haproxy-listen', haproxyListen],
  ['haproxy-newer', haproxyNewer],
  ['haproxy-process', haproxyProcess],
  ['haproxy-servers', haproxyServers],
  ['mysql-address', mysqlAddress],
  ['mysql-newer', mysqlNewer],
  ['mysql-paths', mysqlPaths],
]);
