<?php
declare(strict_types=1);

const SHOWN_MESSAGES = 10;
const DEFAULT_LIMIT = 20;
const HIGHEST_LIMIT = 100;

/** The page and its form, which work without scripts. */
function pageRoutes(string $server, Messages $messages): array
{
    $render = function (Request $request, int $status, ?array $notice = null, string $draft = '') use ($server, $messages): Reply {
        // The page is of use without messages, so a replica that does not answer is no error here.
        try {
            $shown = $messages->latest(SHOWN_MESSAGES);
        } catch (HttpError) {
            $shown = null;
        }
        return Reply::page($status, renderPage($server, $request->visitor(), $shown, $notice, $draft));
    };
    return [
        new Route('GET', '/', function (Request $request) use ($render): Reply {
            $written = $request->parameter('written') ?? '';
            if (preg_match('/^\d{1,15}$/D', $written) !== 1) return $render($request, 200);
            return $render($request, 200, ['good', "Message #$written is written; the replica shows it in a moment."]);
        }),
        new Route('POST', '/messages', function (Request $request) use ($render, $server, $messages): Reply {
            $request->requireType('application/x-www-form-urlencoded');
            parse_str($request->body(), $form);
            $draft = is_string($form['body'] ?? null) ? $form['body'] : '';
            try {
                $message = $messages->add(messageText($draft), $server, $request->id());
                return Reply::seeOther("/?written={$message['id']}");
            } catch (HttpError $error) {
                return $render($request, $error->status, ['bad', $error->getMessage()], $draft);
            }
        }),
    ];
}

/** The JSON interface below `/api`. */
function apiRoutes(string $server, Messages $messages): array
{
    return [
        new Route('GET', '/api/whoami', fn(Request $request) => Reply::json(200, ['server' => $server, ...$request->visitor()])),
        new Route('GET', '/api/messages', fn(Request $request) => Reply::json(200, $messages->latest(limitOf($request->parameter('limit'))))),
        new Route('POST', '/api/messages', function (Request $request) use ($server, $messages): Reply {
            $request->requireType('application/json');
            $message = $messages->add(messageText(bodyOf($request->body())), $server, $request->id());
            return Reply::json(201, $message, ['Location' => "/api/messages/{$message['id']}"]);
        }),
        new Route('GET', '/api/messages/:id', function (Request $request, array $parameters) use ($messages): Reply {
            $message = $messages->find(idOf($parameters['id']));
            if ($message === null) throw new HttpError(404, 'message_not_found', 'The replica has no such message.');
            return Reply::json(200, $message);
        }),
    ];
}

/** Liveness needs no database; readiness asks both. */
function healthRoutes(Database $database): array
{
    return [
        new Route('GET', '/healthz', fn() => Reply::json(200, ['status' => 'ok'])),
        new Route('GET', '/readyz', function () use ($database): Reply {
            $reachable = ['primary' => $database->answers('primary'), 'replica' => $database->answers('replica')];
            $ready = !in_array(false, $reachable, true);
            return Reply::json($ready ? 200 : 503, ['status' => $ready ? 'ok' : 'unavailable', ...$reachable]);
        }),
    ];
}

function bodyOf(string $text): mixed
{
    try {
        $value = json_decode($text, false, 64, JSON_THROW_ON_ERROR);
    } catch (JsonException $error) {
        throw new HttpError(400, 'invalid_json', 'The body is not JSON.', previous: $error);
    }
    return is_object($value) ? ($value->body ?? null) : null;
}

function limitOf(?string $given): int
{
    if ($given === null) return DEFAULT_LIMIT;
    $limit = preg_match('/^\d{1,3}$/D', $given) === 1 ? (int) $given : 0;
    if ($limit < 1 || $limit > HIGHEST_LIMIT) {
        throw new HttpError(400, 'invalid_limit', '"limit" must be a whole number from 1 to ' . HIGHEST_LIMIT . '.');
    }
    return $limit;
}

function idOf(string $given): int
{
    if (preg_match('/^\d{1,15}$/D', $given) !== 1) throw new HttpError(400, 'invalid_id', 'A message is named by a whole number.');
    return (int) $given;
}
