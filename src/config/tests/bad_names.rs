//! Configurations with names that lead nowhere, and with values that contradict each other.

use super::refused::Bad;

/// Names, addresses, URLs and paths.
pub(super) const NAMES: &[Bad] = &[
    (
        "[company]\nhead_manager_id = \"\"",
        "company.head_manager_id",
        2,
        "is empty",
    ),
    ("[company]\nname = \"a\\nb\"", "company.name", 2, "one line"),
    (
        "[mail]\nfrom = \"sisan\"",
        "mail.from",
        2,
        "is no mail address",
    ),
    (
        "[mail]\nops = [\"a@b\", \"b\\r\\nBcc: c@d\"]",
        "mail.ops",
        2,
        "is no mail address",
    ),
    (
        "[mail]\nlist_id = \"<a>\"",
        "mail.list_id",
        2,
        "is no list identifier",
    ),
    (
        "[mail]\nurl = \"http://relay\"",
        "mail.url",
        2,
        "is no relay",
    ),
    (
        "[store]\nurl = \"postgres://u:p@db/sisan\"",
        "store.url",
        2,
        "store.password_file",
    ),
    (
        "[store]\nurl = \"postgres://u@db/sisan?password=p\"",
        "store.url",
        2,
        "store.password_file",
    ),
    (
        "[store]\nurl = \"sqlite:\"",
        "store.url",
        2,
        "names no store",
    ),
    (
        "[store]\nurl = \"sqlite::memory:\"",
        "store.url",
        2,
        "in memory",
    ),
    (
        "[http]\nlisten = \"0.0.0.0:80\"",
        "http.listen",
        2,
        "open to the network",
    ),
    (
        "[http]\nlisten = \"localhost\"",
        "http.listen",
        2,
        "socket address",
    ),
    ("[jobs]\ndir = \"\"", "jobs.dir", 2, "is empty"),
];

/// Values that contradict each other.
pub(super) const ACROSS_KEYS: &[Bad] = &[
    (
        "[feeds]\nrequired = [\"boss\"]",
        "feeds.required",
        2,
        "add [feeds.boss]",
    ),
    (
        "[feeds.boss]\ntypes = [\"boss.bill.v2\"]\nsources = [\"/b\"]",
        "feeds.boss.types",
        2,
        "`boss.bill.v2` is no event type",
    ),
    (
        "[feeds.boss]\ntypes = [\"boss.bill.v1\"]",
        "feeds.boss.sources",
        1,
        "is missing",
    ),
    (
        "[feeds.boss]\nsources = [\"\"]\ntypes = [\"boss.bill.v1\"]",
        "feeds.boss.sources",
        2,
        "is empty",
    ),
    (
        "[status_maps.gz]\nX = \"stopped\"",
        "status_maps.gz.X",
        2,
        "is no canonical status",
    ),
    (
        "[source]\nkind = \"kafka\"",
        "source.kafka.brokers",
        2,
        "is missing",
    ),
    (
        "[source]\nkind = \"kafka\"",
        "source.kafka.topics",
        2,
        "is missing",
    ),
    (
        "[source.kafka]\nbrokers = [\"kafka\"]",
        "source.kafka.brokers",
        2,
        "host:port",
    ),
    (
        "[source.kafka]\nuser = \"u\"",
        "source.kafka.password",
        2,
        "is missing",
    ),
    (
        "[source.kafka.settings]\ngroup.id = \"x\"",
        "source.kafka.settings.group.id",
        2,
        "must decide this itself",
    ),
    (
        "[source.kafka.settings]\n\"sasl.password\" = \"x\"",
        "source.kafka.settings.\"sasl.password\"",
        2,
        "source.kafka.password_file",
    ),
    ("[mail]\nkind = \"smtp\"", "mail.url", 2, "is missing"),
    ("[mail]\nkind = \"smtp\"", "fallback.id", 2, "is missing"),
    (
        "[mail]\nkind = \"smtp\"",
        "fallback.address",
        2,
        "is missing",
    ),
    (
        "[mail]\nkind = \"smtp\"\nurl = \"smtp://relay\"",
        "mail.url",
        3,
        "goes without TLS",
    ),
    (
        "[mail]\nuser = \"u\"\nkind = \"smtp\"",
        "mail.password",
        2,
        "is missing",
    ),
    (
        "[mail]\npassword = \"p\"\npassword_file = \"/p\"",
        "mail.password_file",
        3,
        "is given beside mail.password",
    ),
    ("[mail]\npassword = \"\"", "mail.password", 2, "is empty"),
    (
        "[mail]\npassword_file = \"/nowhere/p\"",
        "mail.password_file",
        2,
        "cannot be read",
    ),
    (
        "[mail]\nca_file = \"/nowhere/ca\"",
        "mail.ca_file",
        2,
        "cannot be read",
    ),
    (
        "environment = \"production\"",
        "mail.kind",
        0,
        "folder_in_production",
    ),
];
