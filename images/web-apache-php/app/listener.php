<?php
declare(strict_types=1);

foreach (['http-error', 'log', 'reply', 'request', 'router', 'metrics', 'database', 'messages', 'message-text', 'page', 'routes'] as $file) {
    require_once __DIR__ . "/$file.php";
}

const CONFIGURATION = '/etc/lab/app.json';
const KNOWN_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Answers the request by `$routes`: every error is JSON, and every request is counted where `$metrics` are given. */
function listen(array $routes, ?Metrics $metrics = null): void
{
    $started = hrtime(true);
    $request = new Request();
    $matches = matchPath($routes, $request->path);
    if ($metrics !== null) {
        register_shutdown_function(function () use ($metrics, $matches, $request, $started): void {
            // Label values come from fixed sets: a visitor must not be able to make new series.
            $metrics->observeRequest([
                'route' => $matches[0]->path ?? 'unmatched',
                'method' => in_array($request->method, KNOWN_METHODS, true) ? $request->method : 'other',
                'status' => connection_aborted() === 1 ? 'aborted' : (string) http_response_code(),
            ], (hrtime(true) - $started) / 1e9);
        });
    }
    answer($request, $matches)->send();
}

function answer(Request $request, array $matches): Reply
{
    try {
        $route = pickMethod($matches, $request->method);
        return ($route->handle)($request, $route->parameters($request->path));
    } catch (HttpError $error) {
        return Reply::error($error);
    } catch (Throwable $error) {
        logLine('error', 'a request failed', ['url' => $_SERVER['REQUEST_URI'], 'stack' => (string) $error]);
        return Reply::json(500, ['error' => ['code' => 'internal', 'message' => 'The application failed to answer.']]);
    }
}
