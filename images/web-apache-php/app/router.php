<?php
declare(strict_types=1);

/** One way to answer: a method, a path whose segments may be parameters (`/api/messages/:id`), and what makes the reply. */
final class Route
{
    public function __construct(
        public readonly string $method,
        public readonly string $path,
        public readonly Closure $handle,
    ) {}

    /** The parameters of a path that fits, or null. */
    public function parameters(string $path): ?array
    {
        $pattern = preg_replace('#:(\w+)#', '(?<$1>[^/]+)', $this->path);
        return preg_match("#^$pattern$#D", $path, $found) === 1 ? $found : null;
    }
}

/** The routes that have this path, whatever their method. @return list<Route> */
function matchPath(array $routes, string $path): array
{
    return array_values(array_filter($routes, fn(Route $route) => $route->parameters($path) !== null));
}

/** Picks by method; HEAD is answered as GET. Throws 404 without matches, and 405 naming what is allowed. */
function pickMethod(array $matches, string $method): Route
{
    if ($matches === []) throw new HttpError(404, 'not_found', 'There is nothing at this path.');
    $wanted = $method === 'HEAD' ? 'GET' : $method;
    foreach ($matches as $route) if ($route->method === $wanted) return $route;
    $allowed = implode(', ', array_map(fn(Route $route) => $route->method === 'GET' ? 'GET, HEAD' : $route->method, $matches));
    throw new HttpError(405, 'method_not_allowed', "This path takes $allowed.", ['Allow' => $allowed]);
}
