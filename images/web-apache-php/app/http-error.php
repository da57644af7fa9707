<?php
declare(strict_types=1);

/** An answer other than success, in the words a client needs to mend its request. */
final class HttpError extends Exception
{
    /** @param string $name a short stable name, such as `message_too_long` */
    public function __construct(
        public readonly int $status,
        public readonly string $name,
        string $message,
        public readonly array $headers = [],
        ?Throwable $previous = null,
    ) {
        parent::__construct($message, 0, $previous);
    }
}
