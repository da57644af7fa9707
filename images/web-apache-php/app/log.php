<?php
declare(strict_types=1);

/** Writes one JSON line where the supervisor and the engine collect logs. */
function logLine(string $level, string $message, array $fields = []): void
{
    $time = (new DateTimeImmutable())->format('Y-m-d\TH:i:s.vp');
    $line = ['time' => $time, 'type' => 'app', 'level' => $level, 'message' => $message, ...$fields];
    file_put_contents('php://stderr', toJson($line) . "\n");
}

function toJson(mixed $value): string
{
    return json_encode($value, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
}
