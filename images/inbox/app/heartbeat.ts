import type { Mailbox } from './mailbox.ts';

/** Mail to an address that begins with this is a heartbeat and is not kept. */
export const heartbeatAddress = 'watchdog@';

/** After so long without a heartbeat, monitoring is taken for dead: four turns of Alertmanager's. */
const silentAfterSeconds = 20;

/**
 * A dead man's switch: Prometheus, its rules, Alertmanager and the way of its mails are well as long as heartbeats come. It is armed
 * by the first one, so that a lab that is just coming up, or has no Alertmanager, alarms nobody.
 */
export class Heartbeat {
  lastAt: Date | undefined;
  private silent = false;
  private readonly mailbox: Mailbox;
  private readonly clock: () => Date;
  private domain = 'localhost';

  constructor(mailbox: Mailbox, clock: () => Date = () => new Date()) {
    this.mailbox = mailbox;
    this.clock = clock;
  }

  /** Takes a heartbeat sent to `address`. */
  beat(address: string): void {
    this.lastAt = this.clock();
    this.domain = address.split('@')[1] ?? this.domain;
    if (this.silent) this.write('resolved', 'Heartbeats of monitoring come again.');
    this.silent = false;
  }

  /** Writes a mail when heartbeats have stopped; to be called every second or so. */
  look(): void {
    const age = this.ageSeconds();
    if (this.silent || age === undefined || age <= silentAfterSeconds) return;
    this.silent = true;
    this.write(
      'firing',
      `No heartbeat of monitoring has come for ${silentAfterSeconds} seconds: nobody would hear of a fault.`,
    );
  }

  /** Seconds since the last one. */
  ageSeconds(): number | undefined {
    return this.lastAt === undefined ? undefined : (this.clock().getTime() - this.lastAt.getTime()) / 1000;
  }

  private write(status: 'firing' | 'resolved', text: string): void {
    this.mailbox.add(
      {
        from: `inbox@${this.domain}`,
        to: [`administrators@${this.domain}`],
        subject: `[${status.toUpperCase()}] MonitoringSilent (1)`,
        text: `${status.toUpperCase()} MonitoringSilent on inbox (critical)\n${text}\nRunbook: docs/runbooks.md#monitoringsilent`,
        alerts: [{ status, alertname: 'MonitoringSilent', instance: 'inbox', severity: 'critical' }],
      },
      this.clock(),
    );
  }
}
