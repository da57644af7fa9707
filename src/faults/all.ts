import type { Fault } from './fault.ts';
import { flowTooMany } from './firewalls/flow-too-many.ts';
import { flowMissing } from './firewalls/flow-missing.ts';
import { defaultAccept } from './firewalls/default-accept.ts';
import { rulesFlushed } from './firewalls/rules-flushed.ts';
import { repliesDropped } from './firewalls/replies-dropped.ts';
import { forwardingOff } from './firewalls/forwarding-off.ts';
import { natAstray } from './firewalls/nat-astray.ts';
import { ipv6Open } from './firewalls/ipv6-open.ts';
import { spoofingOpen } from './firewalls/spoofing-open.ts';
import { floodUnlimited } from './firewalls/flood-unlimited.ts';
import { expired } from './tls/expired.ts';
import { wrongName } from './tls/wrong-name.ts';
import { untrusted } from './tls/untrusted.ts';
import { keyMismatch } from './tls/key-mismatch.ts';
import { oldVersions } from './tls/old-versions.ts';
import { redirectLoop } from './tls/redirect-loop.ts';
import { hstsGone } from './tls/hsts-gone.ts';
import { insideUnencrypted } from './tls/inside-unencrypted.ts';
import { insideUnverified } from './tls/inside-unverified.ts';
import { serverAnswersAnybody } from './tls/server-answers-anybody.ts';
import { serverOut } from './balancer/server-out.ts';
import { blindHealthCheck } from './balancer/blind-health-check.ts';
import { forgedAddressBelieved } from './balancer/forged-address-believed.ts';
import { fewConnections } from './balancer/few-connections.ts';
import { partnerGone } from './balancer/partner-gone.ts';
import { twoHolders } from './balancer/two-holders.ts';
import { nginxStopped } from './servers/nginx-stopped.ts';
import { applicationHung } from './servers/application-hung.ts';
import { serverGone } from './servers/server-gone.ts';
import { onlyOneGone } from './servers/only-one-gone.ts';
import { diskFull } from './servers/disk-full.ts';
import { fileCorrupted } from './servers/file-corrupted.ts';
import { fileMissing } from './servers/file-missing.ts';
import { slowApplication } from './servers/slow-application.ts';
import { memoryLeak } from './servers/memory-leak.ts';
import { headerMissing } from './servers/header-missing.ts';
import { componentShared } from './servers/component-shared.ts';
import { replicationStopped } from './database/replication-stopped.ts';
import { replicationError } from './database/replication-error.ts';
import { replicaWritable } from './database/replica-writable.ts';
import { primaryGone } from './database/primary-gone.ts';
import { databaseStopped } from './database/stopped.ts';
import { lag } from './database/lag.ts';
import { leakedAccount } from './database/leaked-account.ts';
import { certificateOptional } from './database/certificate-optional.ts';
import { tlsOptional } from './database/tls-optional.ts';
import { tooManyConnections } from './database/too-many-connections.ts';
import { semisynchronousOff } from './database/semisynchronous-off.ts';
import { memberGone } from './database/member-gone.ts';
import { memberLeft } from './database/member-left.ts';
import { memberWritable } from './database/member-writable.ts';
import { clientGone } from './monitoring/client-gone.ts';
import { zoneOutOfSight } from './monitoring/zone-out-of-sight.ts';
import { targetRemoved } from './monitoring/target-removed.ts';
import { alertRouteBroken } from './monitoring/alert-route-broken.ts';
import { clockSkew } from './monitoring/clock-skew.ts';
import { packetLoss } from './network/packet-loss.ts';
import { delay } from './network/delay.ts';
import { zoneCutOff } from './network/zone-cut-off.ts';

/** Every fault, by the part that it is in. */
export const faults: readonly Fault[] = [
  flowTooMany,
  flowMissing,
  defaultAccept,
  rulesFlushed,
  repliesDropped,
  forwardingOff,
  natAstray,
  ipv6Open,
  spoofingOpen,
  floodUnlimited,
  expired,
  wrongName,
  untrusted,
  keyMismatch,
  oldVersions,
  redirectLoop,
  hstsGone,
  insideUnverified,
  insideUnencrypted,
  serverAnswersAnybody,
  serverOut,
  blindHealthCheck,
  forgedAddressBelieved,
  fewConnections,
  partnerGone,
  twoHolders,
  serverGone,
  onlyOneGone,
  nginxStopped,
  applicationHung,
  diskFull,
  fileCorrupted,
  fileMissing,
  slowApplication,
  memoryLeak,
  headerMissing,
  componentShared,
  replicationStopped,
  replicationError,
  replicaWritable,
  primaryGone,
  databaseStopped,
  lag,
  leakedAccount,
  certificateOptional,
  tlsOptional,
  tooManyConnections,
  semisynchronousOff,
  memberGone,
  memberLeft,
  memberWritable,
  clientGone,
  zoneOutOfSight,
  targetRemoved,
  alertRouteBroken,
  clockSkew,
  packetLoss,
  delay,
  zoneCutOff,
];
