<?php
declare(strict_types=1);

/** One request, as Apache hands it over. What it says of the visitor is Apache's own word, not a header that anybody can send. */
final class Request
{
    /** Most bytes of a body that are read. */
    private const BODY_LIMIT = 4096;

    public readonly string $method;
    public readonly string $path;
    public readonly string $query;

    public function __construct()
    {
        $this->method = $_SERVER['REQUEST_METHOD'];
        [$this->path, $this->query] = [...explode('?', $_SERVER['REQUEST_URI'], 2), ''];
    }

    public function parameter(string $name): ?string
    {
        parse_str($this->query, $parameters);
        $value = $parameters[$name] ?? null;
        return is_string($value) ? $value : null;
    }

    /** Who asks: the visitor's address, the scheme, and what the balancer put in X-Forwarded-For, null without the balancer. */
    public function visitor(): array
    {
        $forwarded = $_SERVER['FORWARDED_FOR'] ?? '';
        return [
            'clientAddress' => $_SERVER['CLIENT_ADDRESS'] ?? $_SERVER['REMOTE_ADDR'],
            'scheme' => isset($_SERVER['CAME_BY_HTTPS']) ? 'https' : 'http',
            'forwardedFor' => $forwarded === '' ? null : $forwarded,
        ];
    }

    /**
     * Names one request of a visitor. The balancer sends the same name along when it tries a request again on another
     * server, so that what the first one may have written is not written twice.
     */
    public function id(): string
    {
        $given = $_SERVER['HTTP_X_REQUEST_ID'] ?? '';
        return preg_match('/^[\w.:-]{1,64}$/D', $given) === 1 ? $given : bin2hex(random_bytes(16));
    }

    /** Throws 415 unless the request says that its body is of `$type`. */
    public function requireType(string $type): void
    {
        $given = strtolower(trim(explode(';', $_SERVER['CONTENT_TYPE'] ?? '', 2)[0]));
        if ($given !== $type) throw new HttpError(415, 'unsupported_type', "The body must be $type.");
    }

    /** Reads the body as UTF-8. Throws 413 above `BODY_LIMIT` bytes and 400 when it is not UTF-8. */
    public function body(): string
    {
        $body = file_get_contents('php://input', false, null, 0, self::BODY_LIMIT + 1);
        if ((int) ($_SERVER['CONTENT_LENGTH'] ?? 0) > self::BODY_LIMIT || strlen($body) > self::BODY_LIMIT) {
            throw new HttpError(413, 'body_too_large', 'The body may have at most ' . self::BODY_LIMIT . ' bytes.');
        }
        if (!mb_check_encoding($body, 'UTF-8')) throw new HttpError(400, 'invalid_encoding', 'The body must be UTF-8.');
        return $body;
    }
}
