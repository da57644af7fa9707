<?php
declare(strict_types=1);

/**
 * Writes go to the primary and reads to its replica, over TLS. A process keeps its connection to each from one request to the
 * next; PDO asks whether it still lives before it is used again. Throws 503 when the database does not answer.
 */
final class Database
{
    private const CONNECT_SECONDS = 1;
    /** A semisynchronous commit waits for the replica, so it may take longer than a read. */
    private const ANSWER_SECONDS = ['primary' => 3, 'replica' => 1];
    /** The server has gone away, and: lost connection during query. */
    private const BROKEN = [2006, 2013];

    private array $config;

    public function __construct(string $path, private readonly Metrics $metrics)
    {
        $this->config = json_decode(file_get_contents($path), true, flags: JSON_THROW_ON_ERROR)['database'];
    }

    /** @return list<array<string, string|int>> */
    public function read(string $sql, array $values = []): array
    {
        return $this->query('replica', $sql, $values, fn(PDO $_, PDOStatement $done) => $done->fetchAll(PDO::FETCH_ASSOC));
    }

    /** A write must be one that changes nothing the second time: it is tried again where its connection broke. @return the id written */
    public function write(string $sql, array $values): int
    {
        return $this->query('primary', $sql, $values, fn(PDO $connection) => (int) $connection->lastInsertId());
    }

    public function answers(string $role): bool
    {
        try {
            $this->query($role, 'SELECT 1', [], fn() => null);
            return true;
        } catch (HttpError) {
            return false;
        }
    }

    private function query(string $role, string $sql, array $values, callable $result): mixed
    {
        $observe = $this->metrics->startQuery($role);
        $attempt = function () use ($role, $sql, $values, $result): mixed {
            $connection = $this->connect($role);
            $statement = $connection->prepare($sql);
            foreach ($values as $index => $value) {
                $statement->bindValue($index + 1, $value, is_int($value) ? PDO::PARAM_INT : PDO::PARAM_STR);
            }
            $statement->execute();
            return $result($connection, $statement);
        };
        try {
            try {
                $answer = $attempt();
            } catch (PDOException $error) {
                if (!in_array($error->errorInfo[1] ?? 0, self::BROKEN, true)) throw $error;
                $answer = $attempt();
            }
            $observe('ok');
            $this->metrics->became($role, true);
            return $answer;
        } catch (PDOException $error) {
            $observe('error');
            $this->metrics->became($role, false, $error->getMessage());
            throw new HttpError(503, 'database_unavailable', "The $role database does not answer.", previous: $error);
        }
    }

    private function connect(string $role): PDO
    {
        ['host' => $host, 'port' => $port] = $this->config[$role];
        // Read by the driver when it connects.
        ini_set('mysqlnd.net_read_timeout', (string) self::ANSWER_SECONDS[$role]);
        return new PDO(
            "mysql:host=$host;port=$port;dbname={$this->config['name']};charset=utf8mb4",
            $this->config['user'],
            rtrim(file_get_contents($this->config['passwordFile'])),
            // Their names are numbers: `...` would count them anew.
            $this->identity() + [
                PDO::ATTR_PERSISTENT => true,
                PDO::ATTR_TIMEOUT => self::CONNECT_SECONDS,
                PDO::ATTR_EMULATE_PREPARES => true,
                PDO::MYSQL_ATTR_MULTI_STATEMENTS => false,
                // With an authority, the server's certificate must be signed by it, and be for this host's name.
                PDO::MYSQL_ATTR_SSL_CA => $this->config['caFile'],
                PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true,
            ],
        );
    }

    /** What the application shows of itself, where the databases ask for it. */
    private function identity(): array
    {
        if (!isset($this->config['certificateFile'])) return [];
        return [
            PDO::MYSQL_ATTR_SSL_CERT => $this->config['certificateFile'],
            PDO::MYSQL_ATTR_SSL_KEY => $this->config['keyFile'],
        ];
    }
}
