<?php
declare(strict_types=1);

// What visitors get, through Apache.
require __DIR__ . '/listener.php';

$server = gethostname();
$metrics = new Metrics();
$database = new Database(CONFIGURATION, $metrics);
$messages = new Messages($database);
listen([...pageRoutes($server, $messages), ...apiRoutes($server, $messages), ...healthRoutes($database)], $metrics);
