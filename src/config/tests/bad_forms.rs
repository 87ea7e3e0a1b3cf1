//! Malformed configurations: unknown keys, wrong types, no TOML.

use super::refused::Bad;

/// Unknown keys.
pub(super) const UNKNOWN_KEYS: &[Bad] = &[
    ("colour = 1", "colour", 1, "is no key"),
    (
        "[limits]\nchurn_rat = 0.03",
        "limits.churn_rat",
        2,
        "did you mean `limits.churn_rate`?",
    ),
    (
        "[limts]\nchurn_rate = 0.03",
        "limts",
        1,
        "did you mean `limits`?",
    ),
    (
        "[mail]\ngroup_waits = \"1m\"",
        "mail.group_waits",
        2,
        "did you mean `mail.group_wait`?",
    ),
    (
        "[limits.tier.A]\nchurn = 0.1",
        "limits.tier.A.churn",
        2,
        "is no key",
    ),
    (
        "[feeds.x]\nsources = [\"/a\"]\ntypes = [\"boss.bill.v1\"]\nevery = 1",
        "feeds.x.every",
        4,
        "is no key",
    ),
    ("\"a b[9]\" = 1", "\"a b[9]\"", 1, "is no key"),
    (
        "\"limits.churn_rate\" = 0.1",
        "\"limits.churn_rate\"",
        1,
        "is no key",
    ),
];

/// Values of the wrong type.
pub(super) const WRONG_TYPES: &[Bad] = &[
    ("locale = 2026-01-01", "locale", 1, "is a date"),
    ("[mail]\nops = [2026-01-01]", "mail.ops", 2, "is a date"),
    ("limits = 3", "limits", 1, "invalid type: integer `3`"),
    (
        "[limits]\nchurn_rate = true",
        "limits.churn_rate",
        2,
        "expected a decimal number",
    ),
    (
        "[batch]\nevents_max = \"many\"",
        "batch.events_max",
        2,
        "invalid type: string \"many\"",
    ),
    (
        "[batch]\nevents_max = 1.5",
        "batch.events_max",
        2,
        "invalid type: floating point",
    ),
    (
        "[batch]\nwait = 100",
        "batch.wait",
        2,
        "expected a duration",
    ),
    (
        "[mail]\ninsecure_plaintext = \"yes\"",
        "mail.insecure_plaintext",
        2,
        "expected a boolean",
    ),
    (
        "[feeds]\nrequired = 1",
        "feeds.required",
        2,
        "expected a list of texts",
    ),
    ("[mail]\nops = [1]", "mail.ops[0]", 2, "expected a string"),
    (
        "[signals.batch_leave]\nwindows_days = [1, \"3\"]",
        "signals.batch_leave.windows_days[1]",
        2,
        "invalid type",
    ),
    (
        "[source.files]\nmappings = 1",
        "source.files.mappings",
        2,
        "invalid type",
    ),
    ("[limits.unit]\nU1 = 3", "limits.unit.U1", 2, "invalid type"),
];

/// Unknown values of closed lists.
pub(super) const UNKNOWN_VALUES: &[Bad] = &[
    (
        "locale = \"de\"",
        "locale",
        1,
        "unknown variant `de`, expected `zh-CN` or `en`",
    ),
    (
        "environment = \"staging\"",
        "environment",
        1,
        "unknown variant",
    ),
    (
        "[clock]\nmode = \"sun\"",
        "clock.mode",
        2,
        "expected `wall` or `event`",
    ),
    (
        "[source]\nkind = \"stdin\"",
        "source.kind",
        2,
        "expected `files` or `kafka`",
    ),
    ("[rate]\nbase = \"open\"", "rate.base", 2, "unknown variant"),
    (
        "timezone = \"Asia/Peking\"",
        "timezone",
        1,
        "`Asia/Peking` is no zone",
    ),
    ("timezone = \"+08:00\"", "timezone", 1, "is no zone"),
];

/// Texts that are no TOML.
pub(super) const NO_TOML: &[Bad] = &[
    ("[limits", "", 1, "is no TOML"),
    (
        "[limits]\nchurn_rate = 0.1\nchurn_rate = 0.2",
        "",
        3,
        "is no TOML: duplicate key",
    ),
    ("a = 99999999999999999999", "", 1, "is no TOML"),
];
