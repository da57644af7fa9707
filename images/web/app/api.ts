import { HttpError } from './http-error.ts';
import { messageText } from './message-text.ts';
import type { Messages } from './messages.ts';
import { json } from './reply.ts';
import { readBody, requireType } from './request-body.ts';
import { requestId } from './request-id.ts';
import type { Route } from './router.ts';
import { visitorOf } from './visitor.ts';

const defaultLimit = 20;
const highestLimit = 100;

/** The JSON interface below `/api`. */
export function apiRoutes(server: string, messages: Messages): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/whoami',
      handle: ({ request }) => json(200, { server, ...visitorOf(request) }),
    },
    {
      method: 'GET',
      path: '/api/messages',
      handle: async ({ query }) => json(200, await messages.latest(limitOf(query.get('limit')))),
    },
    {
      method: 'POST',
      path: '/api/messages',
      async handle({ request }) {
        requireType(request, 'application/json');
        const message = await messages.add(messageText(bodyOf(await readBody(request))), server, requestId(request));
        return json(201, message, { Location: `/api/messages/${message.id}` });
      },
    },
    {
      method: 'GET',
      path: '/api/messages/:id',
      async handle({ params }) {
        const message = await messages.find(idOf(params.id));
        if (message === undefined) throw new HttpError(404, 'message_not_found', 'The replica has no such message.');
        return json(200, message);
      },
    },
  ];
}

function bodyOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Reflect.get(value, 'body') : undefined;
  } catch (cause) {
    throw new HttpError(400, 'invalid_json', 'The body is not JSON.', { cause });
  }
}

function limitOf(given: string | null): number {
  if (given === null) return defaultLimit;
  const limit = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > highestLimit) {
    throw new HttpError(400, 'invalid_limit', `"limit" must be a whole number from 1 to ${highestLimit}.`);
  }
  return limit;
}

function idOf(given: string | undefined): number {
  // Fifteen digits stay below 2^53.
  if (given === undefined || !/^\d{1,15}$/.test(given)) {
    throw new HttpError(400, 'invalid_id', 'A message is named by a whole number.');
  }
  return Number(given);
}
