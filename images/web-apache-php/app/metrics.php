<?php
declare(strict_types=1);

/** Rate, errors and duration of requests, and the state of database connections: counted in memory that all processes share. */
final class Metrics
{
    private const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
    private const QUERY_BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5];

    /** Counts one answered request; `$seconds` from its first byte to the end of the answer. */
    public function observeRequest(array $labels, float $seconds): void
    {
        $this->observe('http_request_duration_seconds', self::REQUEST_BUCKETS, $labels, $seconds);
    }

    /** Starts timing one statement; call the result with how it ended. */
    public function startQuery(string $role): callable
    {
        $started = hrtime(true);
        $mine = "connection $role " . getmypid();
        apcu_store($mine, 'in_use');
        return function (string $outcome) use ($role, $started, $mine): void {
            $outcome === 'ok' ? apcu_store($mine, 'idle') : apcu_delete($mine);
            $labels = ['database' => $role, 'outcome' => $outcome];
            $this->observe('db_query_duration_seconds', self::QUERY_BUCKETS, $labels, (hrtime(true) - $started) / 1e9);
        };
    }

    /** Says once that a database went away or came back, not at every query. */
    public function became(string $role, bool $reachable, string $reason = ''): void
    {
        if (apcu_fetch("reachable $role") === (int) $reachable) return;
        apcu_store("reachable $role", (int) $reachable);
        if ($reachable) logLine('info', "the $role database answers");
        else logLine('warning', "the $role database does not answer", ['reason' => $reason]);
    }

    /** Prometheus text format. */
    public function text(string $server): string
    {
        $duration = 'http_request_duration_seconds';
        $requests = array_map(fn(array $cells) => array_sum($cells[0]), $this->cells($duration));
        return implode("\n", [
            ...$this->gauge('app_info', 'Always 1; the labels say what is running.', [toLabels(['server' => $server, 'php' => PHP_VERSION]) => 1]),
            // Compared with the time at which Prometheus asked, it shows a clock that is off.
            ...$this->gauge('app_clock_seconds', 'The clock of this process, in Unix time.', ['' => microtime(true)]),
            ...$this->gauge('http_requests_total', 'Requests answered.', $requests, 'counter'),
            ...$this->histogram($duration, 'Time from a request to the end of its answer.', self::REQUEST_BUCKETS),
            ...$this->histogram('db_query_duration_seconds', 'Time of a statement, connecting included.', self::QUERY_BUCKETS),
            ...$this->gauge('db_pool_connections', 'Open connections, of all processes together.', $this->connections()),
            ...$this->gauge('db_pool_waiting', 'Statements that wait for a connection: none, as each process has its own.', [
                toLabels(['database' => 'primary']) => 0,
                toLabels(['database' => 'replica']) => 0,
            ]),
            ...$this->gauge('process_cpu_seconds_total', 'Processor time of all its processes.', ['' => processorSeconds()], 'counter'),
            '',
        ]);
    }

    private function observe(string $name, array $buckets, array $labels, float $seconds): void
    {
        $bucket = count(array_filter($buckets, fn(float $bound) => $bound < $seconds));
        $series = "series $name " . toLabels($labels);
        apcu_inc("$series $bucket");
        apcu_inc("$series sum", (int) round($seconds * 1e6));
    }

    /** By labels: how often each bucket was met, and the sum in seconds. */
    private function cells(string $name): array
    {
        $cells = [];
        foreach (new APCUIterator("/^series $name /", APC_ITER_KEY | APC_ITER_VALUE) as ['key' => $key, 'value' => $value]) {
            [, , $labels, $cell] = explode(' ', $key);
            $cells[$labels] ??= [[], 0];
            if ($cell === 'sum') $cells[$labels][1] = $value / 1e6;
            else $cells[$labels][0][$cell] = $value;
        }
        ksort($cells);
        return $cells;
    }

    private function connections(): array
    {
        $counts = [];
        foreach (['primary', 'replica'] as $role) foreach (['idle', 'in_use'] as $state) $counts[toLabels(['database' => $role, 'state' => $state])] = 0;
        foreach (new APCUIterator('/^connection /', APC_ITER_KEY | APC_ITER_VALUE) as ['key' => $key, 'value' => $state]) {
            [, $role, $pid] = explode(' ', $key);
            if (file_exists("/proc/$pid")) $counts[toLabels(['database' => $role, 'state' => $state])] += 1;
        }
        return $counts;
    }

    private function gauge(string $name, string $help, array $values, string $type = 'gauge'): array
    {
        $lines = ["# HELP $name $help", "# TYPE $name $type"];
        foreach ($values as $labels => $value) $lines[] = $name . ($labels === '' ? '' : "{{$labels}}") . " $value";
        return $lines;
    }

    private function histogram(string $name, string $help, array $buckets): array
    {
        $lines = ["# HELP $name $help", "# TYPE $name histogram"];
        foreach ($this->cells($name) as $labels => [$met, $sum]) {
            $count = 0;
            foreach ([...$buckets, '+Inf'] as $index => $bound) {
                $count += $met[$index] ?? 0;
                $lines[] = "{$name}_bucket{{$labels},le=\"$bound\"} $count";
            }
            $lines[] = "{$name}_sum{{$labels}} $sum";
            $lines[] = "{$name}_count{{$labels}} $count";
        }
        return $lines;
    }
}

/** `route="/",method="GET"`. Values come from fixed sets without quotes and spaces. */
function toLabels(array $labels): string
{
    return implode(',', array_map(fn(string $name, string $value) => "$name=\"$value\"", array_keys($labels), $labels));
}

/** User and system time of every process of PHP (proc_pid_stat(5): fields 14 and 15, in hundredths of a second). */
function processorSeconds(): float
{
    $ticks = 0;
    foreach (glob('/proc/[0-9]*/stat') as $file) {
        $stat = @file_get_contents($file);
        if ($stat === false || !str_contains($stat, '(php-fpm')) continue;
        $fields = explode(' ', substr($stat, strrpos($stat, ')') + 2));
        $ticks += (int) $fields[11] + (int) $fields[12];
    }
    return $ticks / 100;
}
