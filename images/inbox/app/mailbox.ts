import { randomUUID } from 'node:crypto';
import type { AlertFact } from './alerts.ts';

/** One received mail. `receivedAt` is an ISO 8601 instant in UTC. */
export interface Message {
  id: string;
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
  /** What it tells of, where Alertmanager said so. */
  alerts: readonly AlertFact[];
  receivedAt: string;
}

/** A mail as it comes in. */
export type Received = Omit<Message, 'id' | 'receivedAt' | 'alerts'> & Partial<Pick<Message, 'alerts'>>;

export interface Query {
  /** Only mail received at this instant or later. */
  since?: Date;
  /** Only mail whose subject contains this, whatever its case. */
  subject?: string;
}

const longestAddress = 320; // RFC 3696, erratum 1690: 64 + 1 + 255 octets.
const mostRecipients = 20;
const longestSubject = 500;
const longestText = 16_384;

/** The last mails, in memory: nothing here outlives the container, and nothing here can fill it. */
export class Mailbox {
  private messages: Message[] = [];
  private received = 0;
  private readonly capacity: number;

  constructor(capacity = 500) {
    this.capacity = capacity;
  }

  /** Mails taken in since the start, including those that were dropped or deleted since. */
  get total(): number {
    return this.received;
  }

  /** Keeps a mail, cut to bounded lengths, and drops the oldest one when the box is full. */
  add(mail: Received, receivedAt = new Date()): Message {
    const message: Message = {
      id: randomUUID(),
      from: mail.from.slice(0, longestAddress),
      to: mail.to.slice(0, mostRecipients).map((address) => address.slice(0, longestAddress)),
      subject: mail.subject.slice(0, longestSubject),
      text: mail.text.slice(0, longestText),
      alerts: mail.alerts ?? [],
      receivedAt: receivedAt.toISOString(),
    };
    this.received += 1;
    this.messages.unshift(message);
    this.messages.length = Math.min(this.messages.length, this.capacity);
    return message;
  }

  /** Newest first. */
  list(query: Query = {}): readonly Message[] {
    const since = query.since?.toISOString();
    const subject = query.subject?.toLowerCase();
    return this.messages.filter(
      (message) =>
        (since === undefined || message.receivedAt >= since) &&
        (subject === undefined || message.subject.toLowerCase().includes(subject)),
    );
  }

  get(id: string): Message | undefined {
    return this.messages.find((message) => message.id === id);
  }

  clear(): void {
    this.messages = [];
  }
}
