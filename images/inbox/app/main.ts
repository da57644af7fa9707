import { Heartbeat } from './heartbeat.ts';
import { Mailbox } from './mailbox.ts';
import { mailServer } from './receive.ts';
import { webServer } from './serve.ts';

const mailbox = new Mailbox();
const heartbeat = new Heartbeat(mailbox);
const mail = mailServer(mailbox, heartbeat);
const web = webServer(mailbox, heartbeat);

// A client that drops its connection half-way is no reason to stop.
mail.on('error', (error) => process.stderr.write(`smtp: ${error.message}\n`));

mail.listen(25);
web.listen(8025);
setInterval(() => heartbeat.look(), 1000);
process.on('SIGTERM', () => process.exit(0));
