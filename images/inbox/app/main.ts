import { Mailbox } from './mailbox.ts';
import { mailServer } from './receive.ts';
import { webServer } from './serve.ts';

const mailbox = new Mailbox();
const mail = mailServer(mailbox);
const web = webServer(mailbox);

// A client that drops its connection half-way is no reason to stop.
mail.on('error', (error) => process.stderr.write(`smtp: ${error.message}\n`));

mail.listen(25);
web.listen(8025);
process.on('SIGTERM', () => process.exit(0));
