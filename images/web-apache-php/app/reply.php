<?php
declare(strict_types=1);

final class Reply
{
    public function __construct(
        public readonly int $status,
        public readonly array $headers,
        public readonly string $body,
    ) {}

    public static function json(int $status, mixed $value, array $headers = []): self
    {
        return new self($status, ['Content-Type' => 'application/json', ...$headers], toJson($value) . "\n");
    }

    public static function page(int $status, string $body): self
    {
        return new self($status, ['Content-Type' => 'text/html; charset=utf-8'], $body);
    }

    /** 303 See Other: the browser follows with a GET, so that reloading does not post again (RFC 9110, 15.4.4). */
    public static function seeOther(string $location): self
    {
        return new self(303, ['Location' => $location], '');
    }

    public static function error(HttpError $error): self
    {
        return self::json($error->status, ['error' => ['code' => $error->name, 'message' => $error->getMessage()]], $error->headers);
    }

    public function send(): void
    {
        http_response_code($this->status);
        $headers = ['Cache-Control' => 'no-store', 'Content-Length' => strlen($this->body), ...$this->headers];
        // PHP says text/html of what has no type.
        if (!isset($headers['Content-Type'])) ini_set('default_mimetype', '');
        foreach ($headers as $name => $value) header("$name: $value");
        if ($_SERVER['REQUEST_METHOD'] !== 'HEAD') echo $this->body;
    }
}
