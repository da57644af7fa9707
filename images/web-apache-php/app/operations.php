<?php
declare(strict_types=1);

// What Prometheus asks for, on a port that visitors cannot reach.
require __DIR__ . '/listener.php';

$metrics = new Metrics();
listen([
    new Route('GET', '/metrics', fn() => new Reply(200, ['Content-Type' => 'text/plain; version=0.0.4; charset=utf-8'], $metrics->text(gethostname()))),
    ...healthRoutes(new Database(CONFIGURATION, $metrics)),
]);
