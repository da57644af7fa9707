<?php
declare(strict_types=1);

final class Messages
{
    // Seconds since 1970 go both ways, so that no session's time zone can shift them.
    private const SELECT = 'SELECT id, body, server, UNIX_TIMESTAMP(created_at) AS created FROM messages';

    public function __construct(private readonly Database $database) {}

    /** Writes through the primary and returns what was written; the same request, sent again, writes nothing new. */
    public function add(string $body, string $server, string $request): array
    {
        $now = sprintf('%.3F', microtime(true));
        $id = $this->database->write(
            'INSERT INTO messages (body, server, created_at, request) VALUES (?, ?, FROM_UNIXTIME(?), ?)
             ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)',
            [$body, $server, $now, $request],
        );
        return self::message(['id' => $id, 'body' => $body, 'server' => $server, 'created' => $now]);
    }

    /** The newest messages first, as the replica has them. */
    public function latest(int $limit): array
    {
        return array_map(self::message(...), $this->database->read(self::SELECT . ' ORDER BY id DESC LIMIT ?', [$limit]));
    }

    public function find(int $id): ?array
    {
        $rows = $this->database->read(self::SELECT . ' WHERE id = ?', [$id]);
        return $rows === [] ? null : self::message($rows[0]);
    }

    private static function message(array $row): array
    {
        $created = DateTimeImmutable::createFromFormat('U.u', sprintf('%.3F', $row['created']));
        return [
            'id' => (int) $row['id'],
            'body' => $row['body'],
            'server' => $row['server'],
            'createdAt' => $created->format('Y-m-d\TH:i:s.v\Z'),
        ];
    }
}
