-- The whole store. Instants are microseconds since the epoch (`_us`), local days are days since 1970-01-01.
-- Texts are ordered by their bytes, as in the other dialect.

-- The server's clock, in microseconds: leases and claims go by it, since it is one clock for all workers.
CREATE FUNCTION now_us() RETURNS BIGINT LANGUAGE SQL VOLATILE
AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint $$;

CREATE TABLE setting (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value BIGINT NOT NULL
);

-- Batches share it, so that none of them is in flight when it is raised.
INSERT INTO setting (name, value) VALUES ('lateness_policy', 0);

-- How many changes of alerts and tasks there were.
INSERT INTO setting (name, value) VALUES ('changes', 0);

-- What one worker does at a time: who does it, under which token, and until when unless he says more. Whoever writes
-- anything that is not one batch's own locks the row of the leader.
CREATE TABLE lease (
    name     TEXT COLLATE "C" PRIMARY KEY,
    token    BIGINT NOT NULL,
    holder   TEXT NOT NULL,
    until_us BIGINT NOT NULL
);
INSERT INTO lease (name, token, holder, until_us) VALUES ('leader', 0, '', now_us());

-- Sources that join later and are being loaded.
CREATE TABLE loading_source (
    source TEXT COLLATE "C" PRIMARY KEY
);

-- Partitions and files. Of a file `last_digest` is of all bytes up to `next_byte`, `first_digest` of its first block, and
-- `stamp` tells size and times when its end was reached or it was paused; it is to be read anew while more was asked
-- for (`accept_asked`) than done.
CREATE TABLE source (
    name                TEXT COLLATE "C" PRIMARY KEY,
    epoch               BIGINT NOT NULL,
    next_position       BIGINT NOT NULL,
    next_byte           BIGINT NOT NULL,
    applied             BIGINT NOT NULL,
    duplicate           BIGINT NOT NULL,
    conflict            BIGINT NOT NULL,
    rejected            BIGINT NOT NULL,
    gaps                BIGINT NOT NULL,
    lag                 BIGINT NOT NULL,
    unknown_reason      BIGINT NOT NULL,
    complete_until_us   BIGINT,
    last_digest         BIGINT,
    kind                TEXT NOT NULL CHECK (kind IN ('partition', 'file')),
    state               TEXT NOT NULL CHECK (state IN ('reading', 'done', 'paused')),
    cause               TEXT,
    reason              TEXT,
    replaced_characters BIGINT NOT NULL,
    first_digest        BIGINT,
    stamp               BIGINT,
    accept_asked        BIGINT NOT NULL,
    accept_done         BIGINT NOT NULL,
    CHECK ((state = 'paused') = (cause IS NOT NULL)),
    CHECK ((state = 'paused') = (reason IS NOT NULL))
);
CREATE INDEX source_behind ON source (name) WHERE lag > 0 OR state = 'paused';
CREATE INDEX source_paused ON source (name) WHERE state = 'paused';
CREATE INDEX source_accepted ON source (name) WHERE accept_asked > accept_done;

-- One row an entity (subscriber, complaint, answer, bill, billed subscriber), by the digest of its key. A batch locks the rows
-- that it changes, in the order of the digests; room is left in the pages, so that a changed row stays in its page.
CREATE TABLE timeline (
    digest UUID PRIMARY KEY,
    state  BYTEA NOT NULL
) WITH (fillfactor = 80);

-- Which (source, id) has been committed, by its digest: the judge between workers that are given the same event. One
-- without a day and a value was retracted before it came.
CREATE TABLE identity (
    digest UUID PRIMARY KEY,
    day    BIGINT,
    value  BYTEA
);

CREATE TABLE day_counter (
    group_id TEXT COLLATE "C" NOT NULL,
    day      BIGINT NOT NULL,
    counts   BYTEA NOT NULL,
    PRIMARY KEY (group_id, day)
);

-- What batches add to day counters, reference events, feed counts and clocks, until the leader applies it.
CREATE TABLE delta (
    delta_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body     BYTEA NOT NULL
);

-- Reference events, contacts and feed closings, whole: they are small and read at start. Of one group customer's file
-- only those are read that are about the things (`thing`: its kind and id) of which any event names it.
CREATE TABLE reference_event (
    source   TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    thing    TEXT COLLATE "C" NOT NULL,
    group_id TEXT COLLATE "C",
    body     BYTEA NOT NULL,
    PRIMARY KEY (source, event_id)
);
CREATE INDEX reference_event_thing ON reference_event (thing);
CREATE INDEX reference_event_group ON reference_event (group_id, thing) WHERE group_id IS NOT NULL;

CREATE TABLE feed_count (
    day      BIGINT NOT NULL,
    source   TEXT COLLATE "C" NOT NULL,
    type     TEXT COLLATE "C" NOT NULL,
    accepted BIGINT NOT NULL,
    PRIMARY KEY (day, source, type)
);

-- Deliveries that were no events, and conflicts (class `conflict`).
CREATE TABLE reject (
    reject_id   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source      TEXT COLLATE "C" NOT NULL,
    position    BIGINT NOT NULL,
    class       TEXT COLLATE "C" NOT NULL,
    reason      TEXT COLLATE "C" NOT NULL,
    rejected_us BIGINT NOT NULL,
    retry_us    BIGINT,
    payload     BYTEA,
    mode        BYTEA,
    retried_us  BIGINT,
    UNIQUE (source, position)
);
CREATE INDEX reject_aged ON reject (rejected_us);
CREATE INDEX reject_bytes ON reject (rejected_us) WHERE payload IS NOT NULL;
CREATE INDEX reject_unretried ON reject (source, position) WHERE retried_us IS NULL;
CREATE INDEX reject_retry ON reject (retry_us, source, position) WHERE retried_us IS NULL;

-- Where batches changed something that a brief may tell: one row a batch, numbered without a sequence, since a brief records
-- up to which number it covers and a copy of the store keeps the numbers.
CREATE TABLE brief_hint (
    brief_hint_id    BIGINT PRIMARY KEY,
    at_us      BIGINT NOT NULL,
    body       BYTEA NOT NULL,
    -- Those of its complaints, which are looked at again for as long as they may be open.
    complaints BYTEA
);
CREATE INDEX brief_hint_at ON brief_hint (at_us);

-- Complaints that were not withdrawn, by the day of their first filing.
CREATE TABLE complaint_count (
    day        BIGINT NOT NULL,
    group_id   TEXT COLLATE "C" NOT NULL,
    category   TEXT COLLATE "C" NOT NULL,
    complaints BIGINT NOT NULL,
    PRIMARY KEY (day, group_id, category)
);

-- Subscribers, complaints and answers that are to be judged, subscribers once their change has settled.
CREATE TABLE signal_check (
    kind     TEXT COLLATE "C" NOT NULL CHECK (kind IN ('subscriber', 'complaint', 'answer')),
    id       TEXT COLLATE "C" NOT NULL,
    check_us BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX signal_check_due ON signal_check (check_us);

-- Subscribers that have left their group customer and are in no other, for as long as a batch of them may raise an alert.
CREATE TABLE leaver (
    subscriber_id TEXT COLLATE "C" PRIMARY KEY,
    group_id      TEXT COLLATE "C" NOT NULL,
    left_on       BIGINT NOT NULL
);
CREATE INDEX leaver_of_group ON leaver (group_id, left_on, subscriber_id);
CREATE INDEX leaver_left ON leaver (left_on, subscriber_id);

CREATE TABLE alert (
    alert_id TEXT COLLATE "C" PRIMARY KEY,
    state    TEXT COLLATE "C" NOT NULL CHECK (state IN ('firing', 'acknowledged', 'resolved')),
    kind     TEXT COLLATE "C" NOT NULL,
    scope    TEXT COLLATE "C" NOT NULL,
    scope_id TEXT COLLATE "C" NOT NULL,
    period   TEXT COLLATE "C" NOT NULL,
    resolved_us BIGINT,
    -- The number of its last change among those of alerts and tasks.
    change   BIGINT NOT NULL,
    body     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX alert_resolved ON alert (resolved_us, alert_id) WHERE resolved_us IS NOT NULL;
CREATE INDEX alert_open ON alert (alert_id) WHERE state <> 'resolved';
CREATE INDEX alert_change ON alert (change, alert_id);
CREATE INDEX alert_scope ON alert (scope, scope_id);

CREATE TABLE task (
    task_id  TEXT COLLATE "C" PRIMARY KEY,
    state    TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'accepted', 'in_progress', 'done', 'cancelled')),
    version  BIGINT NOT NULL,
    -- Empty: the fallback.
    assignee TEXT COLLATE "C" NOT NULL,
    scope    TEXT COLLATE "C" NOT NULL,
    scope_id TEXT COLLATE "C" NOT NULL,
    opened_us BIGINT NOT NULL,
    ended_us BIGINT,
    -- As an alert's.
    change   BIGINT NOT NULL,
    body     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX task_open ON task (task_id) WHERE state IN ('open', 'accepted', 'in_progress');
CREATE INDEX task_opened ON task (opened_us, task_id, assignee);
CREATE INDEX task_assignee ON task (assignee, opened_us, task_id);
CREATE INDEX task_assignee_ended ON task (assignee, ended_us) WHERE ended_us IS NOT NULL;
CREATE INDEX task_scope ON task (scope, scope_id);
CREATE INDEX task_change ON task (change);
CREATE INDEX task_ended ON task (ended_us, task_id) WHERE ended_us IS NOT NULL;

-- Who silenced what until when; kept after its end, since the bulletin lists them.
CREATE TABLE silence (
    silence_id TEXT COLLATE "C" PRIMARY KEY,
    until_day  BIGINT NOT NULL,
    body       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX silence_until ON silence (until_day, silence_id);

-- Members whom an alert named when it fired, and whether they were members still at the end of their 30 days: settled when
-- the month in which these end is closed.
CREATE TABLE named_member (
    alert_id      TEXT COLLATE "C" NOT NULL,
    subscriber_id TEXT COLLATE "C" NOT NULL,
    group_id      TEXT COLLATE "C" NOT NULL,
    manager_id    TEXT COLLATE "C",
    ends_us       BIGINT NOT NULL,
    kept          BIGINT,
    PRIMARY KEY (alert_id, subscriber_id)
);
CREATE INDEX named_member_ends ON named_member (ends_us, alert_id, subscriber_id);
CREATE INDEX named_member_unsettled ON named_member (ends_us, alert_id, subscriber_id) WHERE kept IS NULL;

-- Events about done tasks for other systems, and when each was written out; the id identifies a repetition.
CREATE TABLE outgoing_event (
    event_id   TEXT COLLATE "C" PRIMARY KEY,
    created_us BIGINT NOT NULL,
    written_us BIGINT,
    body       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX outgoing_event_waiting ON outgoing_event (created_us, event_id) WHERE written_us IS NULL;
CREATE INDEX outgoing_event_written ON outgoing_event (written_us, event_id) WHERE written_us IS NOT NULL;

CREATE TABLE reminder (
    reminder_id TEXT COLLATE "C" PRIMARY KEY,
    send_on     BIGINT NOT NULL,
    body        TEXT COLLATE "C" NOT NULL
);
CREATE INDEX reminder_day ON reminder (send_on, reminder_id);

-- Pending notices; composing takes them and queues the mail in one transaction.
CREATE TABLE notice (
    notice_id TEXT COLLATE "C" PRIMARY KEY,
    due_us    BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL
);
CREATE INDEX notice_due ON notice (due_us, notice_id);

-- The ledger of mails: to whom, about what, and where the delivery stands. What a mail says is in `mail_body`, so that neither
-- claiming nor listing reads it.
CREATE TABLE outbox (
    mail_id         TEXT COLLATE "C" PRIMARY KEY,
    state           TEXT COLLATE "C" NOT NULL CHECK (state IN
        ('queued', 'sending', 'sent', 'deferred', 'uncertain', 'superseded', 'expired', 'dead', 'held')),
    kind            TEXT COLLATE "C" NOT NULL,
    recipient       TEXT COLLATE "C" NOT NULL,
    subject         TEXT COLLATE "C" NOT NULL,
    message_id      TEXT COLLATE "C" NOT NULL,
    queued_us       BIGINT NOT NULL,
    -- The greatest number there is: never.
    next_attempt_us BIGINT NOT NULL,
    -- When a worker last claimed it for sending: identifies the claim.
    claimed_us      BIGINT,
    attempts        BIGINT NOT NULL DEFAULT 0,
    lost_replies    BIGINT NOT NULL DEFAULT 0,
    -- 1 while the end of its message may have been written to the relay.
    in_flight       BIGINT NOT NULL DEFAULT 0,
    sent_us         BIGINT,
    last_reply      TEXT COLLATE "C"
);
-- The condition is spelled as in the statements that use it: a planner need not see that one condition implies another.
CREATE INDEX outbox_due ON outbox (next_attempt_us, mail_id) WHERE state IN ('queued', 'deferred', 'uncertain');
CREATE INDEX outbox_state ON outbox (state, queued_us, mail_id);
CREATE INDEX outbox_queued ON outbox (queued_us, mail_id);

-- Compressed JSON.
CREATE TABLE mail_body (
    mail_id TEXT COLLATE "C" PRIMARY KEY,
    queued_us BIGINT NOT NULL,
    body    BYTEA NOT NULL
);
CREATE INDEX mail_body_queued ON mail_body (queued_us, mail_id);

-- A row claims a run, so many workers run it once.
CREATE TABLE job_run (
    job         TEXT COLLATE "C" NOT NULL,
    due_us      BIGINT NOT NULL,
    finished_us BIGINT,
    outcome     TEXT COLLATE "C",
    PRIMARY KEY (job, due_us)
);
CREATE INDEX job_run_due ON job_run (due_us, job);
CREATE INDEX job_run_unfinished ON job_run (due_us, job) WHERE finished_us IS NULL;

CREATE TABLE publication (
    day      BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    as_of_us BIGINT NOT NULL,
    rows     BYTEA NOT NULL,
    PRIMARY KEY (day, version)
);
