<?php
declare(strict_types=1);

/** Colours that `site.css` has, as `tint-0` and so on. */
const TINTS = 6;

/** The site's page. `$messages` is null when the replica does not answer; `$notice` is of a kind, `good` or `bad`, and has a text. */
function renderPage(string $server, array $visitor, ?array $messages, ?array $notice, string $draft): string
{
    ob_start();
    require __DIR__ . '/page.phtml';
    return ob_get_clean();
}

/** Escapes for text and for quoted attributes. */
function e(string|int $value): string
{
    return htmlspecialchars((string) $value, ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML5);
}

/** The same server always has the same colour, and neighbours such as web1 and web2 differ. */
function tint(string $server): string
{
    return 'tint-' . array_sum(array_map(mb_ord(...), mb_str_split($server))) % TINTS;
}

/** `2026-05-04 12:00:00 UTC`, from ISO 8601. */
function shownTime(string $iso): string
{
    return substr($iso, 0, 10) . ' ' . substr($iso, 11, 8) . ' UTC';
}
