import type { Readable } from 'node:stream';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { alertsOf } from './alerts.ts';
import { heartbeatAddress, type Heartbeat } from './heartbeat.ts';
import type { Mailbox } from './mailbox.ts';

/** The largest mail taken, in bytes; a larger one is refused with 552. */
export const largestMail = 262_144;

/** A mail server that takes mail for anybody, from whoever the firewall lets through, and keeps it. */
export function mailServer(mailbox: Mailbox, heartbeat: Heartbeat): SMTPServer {
  return new SMTPServer({
    banner: 'lab inbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: largestMail,
    maxClients: 20,
    socketTimeout: 30_000,
    closeTimeout: 500,
    onData(stream, session, done) {
      read(stream)
        .then(async (raw) => {
          if (stream.sizeExceeded) throw Object.assign(new Error('message too large'), { responseCode: 552 });
          const mail = await PostalMime.parse(raw);
          // The envelope says who gets it; the header only says what the sender claims.
          const to = session.envelope.rcptTo.map((recipient) => recipient.address);
          const beat = to.find((address) => address.startsWith(heartbeatAddress));
          if (beat !== undefined) {
            heartbeat.beat(beat);
            return done();
          }
          mailbox.add({
            from: mail.from?.address ?? (session.envelope.mailFrom ? session.envelope.mailFrom.address : ''),
            to,
            subject: mail.subject ?? '',
            text: (mail.text ?? mail.html ?? '').trimEnd(),
            alerts: alertsOf(mail.headers.find(({ key }) => key === 'x-lab-alerts')?.value),
          });
          done();
        })
        .catch((error: unknown) => done(error instanceof Error ? error : new Error(String(error))));
    },
  });
}

/** Reads to the end, as SMTP asks, but keeps no more than a mail may have. */
async function read(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let kept = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (kept < largestMail) chunks.push(chunk);
    kept += chunk.length;
  }
  return Buffer.concat(chunks);
}
