import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';
import { messageText } from './message-text.ts';
import type { Message, Messages } from './messages.ts';
import { renderPage, type PageContent } from './page.ts';
import { page, seeOther, type Reply } from './reply.ts';
import { readBody, requireType } from './request-body.ts';
import { requestId } from './request-id.ts';
import type { Route } from './router.ts';
import { visitorOf } from './visitor.ts';

const shownMessages = 10;

/** The page and its form, which work without scripts. */
export function pageRoutes(server: string, messages: Messages): Route[] {
  const render = async (
    request: IncomingMessage,
    status: number,
    extra: Pick<PageContent, 'notice' | 'draft'>,
  ): Promise<Reply> =>
    page(status, renderPage({ server, visitor: visitorOf(request), messages: await shown(messages), ...extra }));

  return [
    {
      method: 'GET',
      path: '/',
      handle: ({ request, query }) => {
        const written = /^\d{1,15}$/.exec(query.get('written') ?? '');
        const text = `Message #${written?.[0] ?? ''} is written; the replica shows it in a moment.`;
        return render(request, 200, written === null ? {} : { notice: { kind: 'good', text } });
      },
    },
    {
      method: 'POST',
      path: '/messages',
      async handle({ request }) {
        requireType(request, 'application/x-www-form-urlencoded');
        const draft = new URLSearchParams(await readBody(request)).get('body') ?? '';
        try {
          const message = await messages.add(messageText(draft), server, requestId(request));
          return seeOther(`/?written=${message.id}`);
        } catch (error) {
          if (!(error instanceof HttpError)) throw error;
          return render(request, error.status, { notice: { kind: 'bad', text: error.message }, draft });
        }
      },
    },
  ];
}

/** The page is of use without messages, so a replica that does not answer is no error here. */
async function shown(messages: Messages): Promise<Message[] | undefined> {
  try {
    return await messages.latest(shownMessages);
  } catch (error) {
    if (error instanceof HttpError) return undefined;
    throw error;
  }
}
