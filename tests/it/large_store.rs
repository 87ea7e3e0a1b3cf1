//! A store that is large: statements that fill every table.

/// Rows of each table, of which one of a hundred is open.
pub const ROWS: u32 = 20_000;

/// Fills every table: `{n}` is a row's number, `{blob}` some bytes, `{text}` a long text.
pub const FILL: [&str; 19] = [
    "INSERT INTO source (name, epoch, next_position, next_byte, applied, duplicate, conflict, rejected, gaps, lag, unknown_reason,
         kind, state, cause, reason, replaced_characters, accept_asked, accept_done)
     SELECT 's' || n, 0, n, 0, 0, 0, 0, 0, 0, CASE WHEN n % 100 = 0 THEN 7 ELSE 0 END, 0,
         'file', CASE WHEN n % 100 = 0 THEN 'paused' ELSE 'done' END, CASE WHEN n % 100 = 0 THEN 'E_FILE_READ' END,
         CASE WHEN n % 100 = 0 THEN 'E_FILE_READ: why' END, 0,
         CASE WHEN n % 100 = 0 THEN 1 ELSE 0 END, 0 FROM {series}",
    "INSERT INTO reference_event (source, event_id, thing, group_id, body)
     SELECT '/boss', 'e' || n, 'contact C' || n, CASE WHEN n % 10 > 0 THEN 'G' || (n % 5000) END, {blob} FROM {series}",
    "INSERT INTO feed_count (day, source, type, accepted) SELECT n, '/boss', 'crm.group.v1', 1 FROM {series}",
    "INSERT INTO reject (source, position, class, reason, rejected_us, retry_us, payload, mode, retried_us)
     SELECT 's' || (n % 50), n, 'not_json', {text}, n, CASE WHEN n % 100 = 0 THEN n END, CASE WHEN n > 19000 THEN {blob} END, {blob},
            CASE WHEN n % 50 > 0 THEN n END FROM {series}",
    "INSERT INTO brief_hint (brief_hint_id, at_us, body, complaints) SELECT n, n, {blob}, {blob} FROM {series}",
    "INSERT INTO complaint_count (day, group_id, category, complaints) SELECT n, 'G' || n, 'network', 1 FROM {series}",
    "INSERT INTO leaver (subscriber_id, group_id, left_on) SELECT '1' || n, 'G' || (n % 5000), n % 40 FROM {series}",
    "INSERT INTO signal_check (kind, id, check_us) SELECT 'subscriber', '1' || n, n FROM {series}",
    "INSERT INTO alert (alert_id, state, kind, scope, scope_id, period, change, body)
     SELECT 'A' || n, CASE WHEN n % 100 = 0 THEN 'firing' ELSE 'resolved' END, 'churn_rate', 'group', 'G' || (n % 5000),
            '2026-' || (n % 36), n, {text} FROM {series}",
    "INSERT INTO task (task_id, state, version, assignee, scope, scope_id, opened_us, ended_us, change, body)
     SELECT 'T' || n, CASE WHEN n % 100 = 0 THEN 'open' ELSE 'done' END, 1, 'M' || (n % 300), 'group', 'G' || (n % 5000), n,
            CASE WHEN n % 100 > 0 THEN n + 5 END, n, {text} FROM {series}",
    "INSERT INTO silence (silence_id, until_day, body) SELECT 'S' || n, n, {text} FROM {series}",
    "INSERT INTO named_member (alert_id, subscriber_id, group_id, manager_id, ends_us, kept)
     SELECT 'A' || n, '1' || n, 'G' || (n % 5000), 'M1', n, CASE WHEN n % 100 > 0 THEN 1 END FROM {series}",
    "INSERT INTO outgoing_event (event_id, created_us, written_us, body)
     SELECT 'E' || n, n, CASE WHEN n % 100 > 0 THEN n END, {text} FROM {series}",
    "INSERT INTO reminder (reminder_id, send_on, body) SELECT 'R' || n, n % 2000, {text} FROM {series}",
    "INSERT INTO notice (notice_id, due_us, body) SELECT 'N' || n, n, {text} FROM {series}",
    "INSERT INTO outbox (mail_id, state, kind, recipient, subject, message_id, queued_us, next_attempt_us, claimed_us)
     SELECT 'M' || n, CASE n % 500 WHEN 0 THEN 'queued' WHEN 1 THEN 'sending' WHEN 2 THEN 'held' WHEN 3 THEN 'deferred' ELSE 'sent' END,
            'alert_task', 'm' || (n % 300) || '@example.com', 'a subject', '<M' || n || '@sisan>', n,
            CASE WHEN n % 500 < 4 THEN n ELSE 9223372036854775807 END, n FROM {series}",
    "INSERT INTO mail_body (mail_id, queued_us, body) SELECT 'M' || n, n, {blob} FROM {series}",
    "INSERT INTO job_run (job, due_us, finished_us, outcome)
     SELECT 'job' || (n % 10), n, CASE WHEN n % 1000 > 0 THEN n END, {text} FROM {series}",
    "INSERT INTO publication (day, version, as_of_us, rows) SELECT n / 3, n % 3 + 1, n, {blob} FROM {series}",
];

/// Tables that the server alone has: elsewhere these are files.
pub const FILL_SERVER: [&str; 3] = [
    "INSERT INTO timeline (digest, state) SELECT md5(n::text)::uuid, {blob} FROM {series}",
    "INSERT INTO identity (digest, day, value) SELECT md5(n::text)::uuid, n, {blob} FROM {series}",
    "INSERT INTO day_counter (group_id, day, counts) SELECT 'G' || (n % 5000), n, {blob} FROM {series}",
];

pub fn filling<'a>(
    statements: impl Iterator<Item = &'a &'a str>,
    series: &str,
    blob: &str,
    text: &str,
) -> Vec<String> {
    statements
        .map(|sql| {
            sql.replace("{series}", series)
                .replace("{blob}", blob)
                .replace("{text}", text)
        })
        .collect()
}
