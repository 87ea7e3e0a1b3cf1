-- The whole store. Instants are microseconds since the epoch (`_us`), local days are days since 1970-01-01.
--
-- Every row carries the digest of all its columns (`digest_of`, a function of the program's): the check of the store finds
-- what a disk returns otherwise than it was written, since it asks every CHECK of every row. A column that is added is
-- added to both.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(name, value)) STORED,
    CHECK (row_digest = digest_of(name, value))
) STRICT;

-- How many changes of alerts and tasks there were.
INSERT INTO setting (name, value) VALUES ('changes', 0);

-- Sources that join later and are being loaded.
CREATE TABLE loading_source (
    source TEXT PRIMARY KEY,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(source)) STORED,
    CHECK (row_digest = digest_of(source))
) STRICT, WITHOUT ROWID;

-- Partitions and files. Of a file `last_digest` is of all bytes up to `next_byte`, `first_digest` of its first block, and
-- `stamp` tells size and times when its end was reached or it was paused; it is to be read anew while more was asked
-- for (`accept_asked`) than done.
CREATE TABLE source (
    name                TEXT PRIMARY KEY,
    epoch               INTEGER NOT NULL,
    next_position       INTEGER NOT NULL,
    next_byte           INTEGER NOT NULL,
    applied             INTEGER NOT NULL,
    duplicate           INTEGER NOT NULL,
    conflict            INTEGER NOT NULL,
    rejected            INTEGER NOT NULL,
    gaps                INTEGER NOT NULL,
    lag                 INTEGER NOT NULL,
    unknown_reason      INTEGER NOT NULL,
    complete_until_us   INTEGER,
    last_digest         INTEGER,
    kind                TEXT NOT NULL CHECK (kind IN ('partition', 'file')),
    state               TEXT NOT NULL CHECK (state IN ('reading', 'done', 'paused')),
    cause               TEXT,
    reason              TEXT,
    replaced_characters INTEGER NOT NULL,
    first_digest        INTEGER,
    stamp               INTEGER,
    accept_asked        INTEGER NOT NULL,
    accept_done         INTEGER NOT NULL,
    row_digest          INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(name, epoch, next_position, next_byte, applied, duplicate, conflict, rejected, gaps, lag, unknown_reason, complete_until_us, last_digest, kind, state, cause, reason, replaced_characters, first_digest, stamp, accept_asked, accept_done)) STORED,
    CHECK (row_digest = digest_of(name, epoch, next_position, next_byte, applied, duplicate, conflict, rejected, gaps, lag, unknown_reason, complete_until_us, last_digest, kind, state, cause, reason, replaced_characters, first_digest, stamp, accept_asked, accept_done)),
    CHECK ((state = 'paused') = (cause IS NOT NULL)),
    CHECK ((state = 'paused') = (reason IS NOT NULL))
) STRICT;
CREATE INDEX source_behind ON source (name) WHERE lag > 0 OR state = 'paused';
CREATE INDEX source_paused ON source (name) WHERE state = 'paused';
CREATE INDEX source_accepted ON source (name) WHERE accept_asked > accept_done;

-- Timelines, identities and day counters that are committed and not yet in runs: one row a batch says
-- where it is in the files of the write-ahead log.
CREATE TABLE wal (
    seq        INTEGER PRIMARY KEY,
    file       INTEGER NOT NULL,
    begin_byte INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    digest     INTEGER NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(seq, file, begin_byte, bytes, digest)) STORED,
    CHECK (row_digest = digest_of(seq, file, begin_byte, bytes, digest))
) STRICT;

-- Sorted runs, files beside this one: of timelines (of subscribers, complaints, answers, bills and billed subscribers), of
-- identities (which (source, id) has been committed), and of day counters. Behind its blocks
-- (`bytes`) a file has what finds the block of a key.
CREATE TABLE run (
    number       INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('timeline', 'identity', 'counter')),
    entries      INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    blocks       INTEGER NOT NULL,
    filter_words INTEGER NOT NULL,
    end_digest   INTEGER NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(number, kind, entries, bytes, blocks, filter_words, end_digest)) STORED,
    CHECK (row_digest = digest_of(number, kind, entries, bytes, blocks, filter_words, end_digest))
) STRICT;

-- Retractions, by the digest of their target.
CREATE TABLE retraction (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 16),
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(digest)) STORED,
    CHECK (row_digest = digest_of(digest))
) STRICT, WITHOUT ROWID;

-- Reference events, contacts and feed closings, whole: they are small and read at start. Of one group customer's file
-- only those are read that are about the things (`thing`: its kind and id) of which any event names it.
CREATE TABLE reference_event (
    source   TEXT NOT NULL,
    event_id TEXT NOT NULL,
    thing    TEXT NOT NULL,
    group_id TEXT,
    body     BLOB NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(source, event_id, thing, group_id, body)) STORED,
    PRIMARY KEY (source, event_id),
    CHECK (row_digest = digest_of(source, event_id, thing, group_id, body))
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_event_thing ON reference_event (thing);
CREATE INDEX reference_event_group ON reference_event (group_id, thing) WHERE group_id IS NOT NULL;

CREATE TABLE feed_count (
    day      INTEGER NOT NULL,
    source   TEXT NOT NULL,
    type     TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(day, source, type, accepted)) STORED,
    PRIMARY KEY (day, source, type),
    CHECK (row_digest = digest_of(day, source, type, accepted))
) STRICT, WITHOUT ROWID;

-- Deliveries that were no events, and conflicts (class `conflict`).
CREATE TABLE reject (
    reject_id   INTEGER PRIMARY KEY,
    source      TEXT NOT NULL,
    position    INTEGER NOT NULL,
    class       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    rejected_us INTEGER NOT NULL,
    retry_us    INTEGER,
    payload     BLOB,
    mode        BLOB,
    retried_us  INTEGER,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(reject_id, source, position, class, reason, rejected_us, retry_us, payload, mode, retried_us)) STORED,
    UNIQUE (source, position),
    CHECK (row_digest = digest_of(reject_id, source, position, class, reason, rejected_us, retry_us, payload, mode, retried_us))
) STRICT;
CREATE INDEX reject_aged ON reject (rejected_us);
CREATE INDEX reject_bytes ON reject (rejected_us) WHERE payload IS NOT NULL;
CREATE INDEX reject_unretried ON reject (source, position) WHERE retried_us IS NULL;
CREATE INDEX reject_retry ON reject (retry_us, source, position) WHERE retried_us IS NULL;

-- Where batches changed something that a brief may tell: one row a batch, numbered without a sequence, since a brief records
-- up to which number it covers and a copy of the store keeps the numbers.
CREATE TABLE brief_hint (
    brief_hint_id    INTEGER PRIMARY KEY,
    at_us      INTEGER NOT NULL,
    body       BLOB NOT NULL,
    -- Those of its complaints, which are looked at again for as long as they may be open.
    complaints BLOB,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(brief_hint_id, at_us, body, complaints)) STORED,
    CHECK (row_digest = digest_of(brief_hint_id, at_us, body, complaints))
) STRICT;
CREATE INDEX brief_hint_at ON brief_hint (at_us);

-- Complaints that were not withdrawn, by the day of their first filing.
CREATE TABLE complaint_count (
    day        INTEGER NOT NULL,
    group_id   TEXT NOT NULL,
    category   TEXT NOT NULL,
    complaints INTEGER NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(day, group_id, category, complaints)) STORED,
    PRIMARY KEY (day, group_id, category),
    CHECK (row_digest = digest_of(day, group_id, category, complaints))
) STRICT, WITHOUT ROWID;

-- Subscribers, complaints and answers that are to be judged, subscribers once their change has settled.
CREATE TABLE signal_check (
    kind     TEXT NOT NULL CHECK (kind IN ('subscriber', 'complaint', 'answer')),
    id       TEXT NOT NULL,
    check_us INTEGER NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(kind, id, check_us)) STORED,
    PRIMARY KEY (kind, id),
    CHECK (row_digest = digest_of(kind, id, check_us))
) STRICT, WITHOUT ROWID;
CREATE INDEX signal_check_due ON signal_check (check_us);

-- Subscribers that have left their group customer and are in no other, for as long as a batch of them may raise an alert.
CREATE TABLE leaver (
    subscriber_id TEXT PRIMARY KEY,
    group_id      TEXT NOT NULL,
    left_on       INTEGER NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(subscriber_id, group_id, left_on)) STORED,
    CHECK (row_digest = digest_of(subscriber_id, group_id, left_on))
) STRICT, WITHOUT ROWID;
CREATE INDEX leaver_of_group ON leaver (group_id, left_on, subscriber_id);
CREATE INDEX leaver_left ON leaver (left_on, subscriber_id);

-- Alerts, tasks and published days may be large: where a key holds its row, a search reads each row whole that it passes by.
CREATE TABLE alert (
    alert_id TEXT PRIMARY KEY,
    state    TEXT NOT NULL CHECK (state IN ('firing', 'acknowledged', 'resolved')),
    kind     TEXT NOT NULL,
    scope    TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    period   TEXT NOT NULL,
    resolved_us INTEGER,
    -- The number of its last change among those of alerts and tasks.
    change   INTEGER NOT NULL,
    body     TEXT NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(alert_id, state, kind, scope, scope_id, period, resolved_us, change, body)) STORED,
    CHECK (row_digest = digest_of(alert_id, state, kind, scope, scope_id, period, resolved_us, change, body))
) STRICT;
CREATE INDEX alert_resolved ON alert (resolved_us, alert_id) WHERE resolved_us IS NOT NULL;
CREATE INDEX alert_open ON alert (alert_id) WHERE state <> 'resolved';
CREATE INDEX alert_change ON alert (change, alert_id);
CREATE INDEX alert_scope ON alert (scope, scope_id);

CREATE TABLE task (
    task_id  TEXT PRIMARY KEY,
    state    TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'in_progress', 'done', 'cancelled')),
    version  INTEGER NOT NULL,
    -- Empty: the fallback.
    assignee TEXT NOT NULL,
    scope    TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    opened_us INTEGER NOT NULL,
    ended_us INTEGER,
    -- As an alert's.
    change   INTEGER NOT NULL,
    body     TEXT NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(task_id, state, version, assignee, scope, scope_id, opened_us, ended_us, change, body)) STORED,
    CHECK (row_digest = digest_of(task_id, state, version, assignee, scope, scope_id, opened_us, ended_us, change, body))
) STRICT;
CREATE INDEX task_open ON task (task_id) WHERE state IN ('open', 'accepted', 'in_progress');
CREATE INDEX task_opened ON task (opened_us, task_id, assignee);
CREATE INDEX task_assignee ON task (assignee, opened_us, task_id);
CREATE INDEX task_assignee_ended ON task (assignee, ended_us) WHERE ended_us IS NOT NULL;
CREATE INDEX task_scope ON task (scope, scope_id);
CREATE INDEX task_change ON task (change);
CREATE INDEX task_ended ON task (ended_us, task_id) WHERE ended_us IS NOT NULL;

-- Who silenced what until when; kept after its end, since the bulletin lists them.
CREATE TABLE silence (
    silence_id TEXT PRIMARY KEY,
    until_day  INTEGER NOT NULL,
    body       TEXT NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(silence_id, until_day, body)) STORED,
    CHECK (row_digest = digest_of(silence_id, until_day, body))
) STRICT, WITHOUT ROWID;
CREATE INDEX silence_until ON silence (until_day, silence_id);

-- Members whom an alert named when it fired, and whether they were members still at the end of their 30 days: settled when
-- the month in which these end is closed.
CREATE TABLE named_member (
    alert_id      TEXT NOT NULL,
    subscriber_id TEXT NOT NULL,
    group_id      TEXT NOT NULL,
    manager_id    TEXT,
    ends_us       INTEGER NOT NULL,
    kept          INTEGER,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(alert_id, subscriber_id, group_id, manager_id, ends_us, kept)) STORED,
    PRIMARY KEY (alert_id, subscriber_id),
    CHECK (row_digest = digest_of(alert_id, subscriber_id, group_id, manager_id, ends_us, kept))
) STRICT, WITHOUT ROWID;
CREATE INDEX named_member_ends ON named_member (ends_us, alert_id, subscriber_id);
CREATE INDEX named_member_unsettled ON named_member (ends_us, alert_id, subscriber_id) WHERE kept IS NULL;

-- Events about done tasks for other systems, and when each was written out; the id identifies a repetition.
CREATE TABLE outgoing_event (
    event_id   TEXT PRIMARY KEY,
    created_us INTEGER NOT NULL,
    written_us INTEGER,
    body       TEXT NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(event_id, created_us, written_us, body)) STORED,
    CHECK (row_digest = digest_of(event_id, created_us, written_us, body))
) STRICT, WITHOUT ROWID;
CREATE INDEX outgoing_event_waiting ON outgoing_event (created_us, event_id) WHERE written_us IS NULL;
CREATE INDEX outgoing_event_written ON outgoing_event (written_us, event_id) WHERE written_us IS NOT NULL;

CREATE TABLE reminder (
    reminder_id TEXT PRIMARY KEY,
    send_on     INTEGER NOT NULL,
    body        TEXT NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(reminder_id, send_on, body)) STORED,
    CHECK (row_digest = digest_of(reminder_id, send_on, body))
) STRICT, WITHOUT ROWID;
CREATE INDEX reminder_day ON reminder (send_on, reminder_id);

-- Pending notices; composing takes them and queues the mail in one transaction.
CREATE TABLE notice (
    notice_id TEXT PRIMARY KEY,
    due_us    INTEGER NOT NULL,
    body      TEXT NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(notice_id, due_us, body)) STORED,
    CHECK (row_digest = digest_of(notice_id, due_us, body))
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_due ON notice (due_us, notice_id);

-- The ledger of mails: to whom, about what, and where the delivery stands. What a mail says is in `mail_body`, so that neither
-- claiming nor listing reads it.
CREATE TABLE outbox (
    mail_id         TEXT PRIMARY KEY,
    state           TEXT NOT NULL CHECK (state IN
        ('queued', 'sending', 'sent', 'deferred', 'uncertain', 'superseded', 'expired', 'dead', 'held')),
    kind            TEXT NOT NULL,
    recipient       TEXT NOT NULL,
    subject         TEXT NOT NULL,
    message_id      TEXT NOT NULL,
    queued_us       INTEGER NOT NULL,
    -- The greatest number there is: never.
    next_attempt_us INTEGER NOT NULL,
    -- When a worker last claimed it for sending: identifies the claim.
    claimed_us      INTEGER,
    attempts        INTEGER NOT NULL DEFAULT 0,
    lost_replies    INTEGER NOT NULL DEFAULT 0,
    -- 1 while the end of its message may have been written to the relay.
    in_flight       INTEGER NOT NULL DEFAULT 0,
    sent_us         INTEGER,
    last_reply      TEXT,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(mail_id, state, kind, recipient, subject, message_id, queued_us, next_attempt_us, claimed_us, attempts, lost_replies, in_flight, sent_us, last_reply)) STORED,
    CHECK (row_digest = digest_of(mail_id, state, kind, recipient, subject, message_id, queued_us, next_attempt_us, claimed_us, attempts, lost_replies, in_flight, sent_us, last_reply))
) STRICT;
-- The condition is spelled as in the statements that use it: a planner need not see that one condition implies another.
CREATE INDEX outbox_due ON outbox (next_attempt_us, mail_id) WHERE state IN ('queued', 'deferred', 'uncertain');
CREATE INDEX outbox_state ON outbox (state, queued_us, mail_id);
CREATE INDEX outbox_queued ON outbox (queued_us, mail_id);

-- Compressed JSON.
CREATE TABLE mail_body (
    mail_id TEXT PRIMARY KEY,
    queued_us INTEGER NOT NULL,
    body    BLOB NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(mail_id, queued_us, body)) STORED,
    CHECK (row_digest = digest_of(mail_id, queued_us, body))
) STRICT;
CREATE INDEX mail_body_queued ON mail_body (queued_us, mail_id);

-- A row claims a run, so many workers run it once.
CREATE TABLE job_run (
    job         TEXT NOT NULL,
    due_us      INTEGER NOT NULL,
    finished_us INTEGER,
    outcome     TEXT,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(job, due_us, finished_us, outcome)) STORED,
    PRIMARY KEY (job, due_us),
    CHECK (row_digest = digest_of(job, due_us, finished_us, outcome))
) STRICT, WITHOUT ROWID;
CREATE INDEX job_run_due ON job_run (due_us, job);
CREATE INDEX job_run_unfinished ON job_run (due_us, job) WHERE finished_us IS NULL;

CREATE TABLE publication (
    day      INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    as_of_us INTEGER NOT NULL,
    rows     BLOB NOT NULL,
    row_digest INTEGER NOT NULL GENERATED ALWAYS AS (digest_of(day, version, as_of_us, rows)) STORED,
    PRIMARY KEY (day, version),
    CHECK (row_digest = digest_of(day, version, as_of_us, rows))
) STRICT;
