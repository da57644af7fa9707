<?php
declare(strict_types=1);

/** Most characters (Unicode code points) of a message: the width of its column. */
const TEXT_LIMIT = 280;

/** Returns the text of a message as it is stored. Throws 400 when it is not one. */
function messageText(mixed $value): string
{
    $invalid = fn(string $code, string $message) => new HttpError(400, $code, $message);
    if (!is_string($value)) throw $invalid('message_missing', '"body" must be a string.');
    // Control characters other than tab, line feed and carriage return. Surrogates are no UTF-8, and got no further.
    if (preg_match('/(?![\t\n\r])\p{Cc}/u', $value) !== 0) {
        throw $invalid('message_not_text', 'The message has characters that are not text.');
    }
    $text = mb_trim(str_replace("\r\n", "\n", $value));
    if ($text === '') throw $invalid('message_empty', 'The message is empty.');
    if (mb_strlen($text) > TEXT_LIMIT) {
        throw $invalid('message_too_long', 'The message may have at most ' . TEXT_LIMIT . ' characters.');
    }
    return $text;
}
