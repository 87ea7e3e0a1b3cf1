//! Words of the screen that `sisan demo` prints.
//!
//! It does not know the story that they tell. Invariant: both languages have them all.

use crate::domain::locale::Locale;

/// Words of the screen.
#[derive(Debug)]
pub(crate) struct DemoWords {
    pub city: &'static str,
    pub groups: &'static str,
    pub members: &'static str,
    pub seed: &'static str,
    pub events: &'static str,
    pub duplicates: &'static str,
    pub rejected: &'static str,
    pub alerts: &'static str,
    pub tasks: &'static str,
    pub mails: &'static str,
    pub planned: &'static str,
    pub found: &'static str,
    pub missed: &'static str,
    pub unplanned: &'static str,
    pub planted_and_found: &'static str,
    pub incidents: &'static str,
    pub near_misses: &'static str,
    pub false_alarms: &'static str,
    pub daily_report: &'static str,
    pub marks: &'static str,
    pub work_of: &'static str,
    pub save_rate: &'static str,
    pub claimed: &'static str,
    pub verified: &'static str,
    pub members_later: &'static str,
    pub approved: &'static str,
    pub joint_visits: &'static str,
    pub sent_back: &'static str,
    /// Heads of the last report: members, rates, complaints, points.
    pub report_heads: [&'static str; 6],
    /// Heads of the month of work, by what became of tasks.
    pub work_heads: [&'static str; 6],
    pub incidents_by_kind: IncidentWords,
}

/// The kinds of incidents that are planted in the city.
#[derive(Debug)]
pub(crate) struct IncidentWords {
    pub churn_wave: &'static str,
    pub member_loss: &'static str,
    pub complaint_wave: &'static str,
    pub bad_surveys: &'static str,
    pub locked_number_lost: &'static str,
    pub key_line: &'static str,
    pub batch_leave: &'static str,
    pub group_gone: &'static str,
    pub chance: &'static str,
}

impl DemoWords {
    /// In a language.
    #[must_use]
    pub(crate) const fn by_locale(locale: Locale) -> &'static Self {
        match locale {
            Locale::ZhCn => &ZH_CN,
            Locale::En => &EN,
        }
    }
}

static ZH_CN: DemoWords = DemoWords {
    city: "四三 sisan · 模拟城市",
    groups: "集团",
    members: "成员",
    seed: "种子",
    events: "事件",
    duplicates: "重复",
    rejected: "拒收",
    alerts: "预警",
    tasks: "任务",
    mails: "邮件",
    planned: "应有",
    found: "找到",
    missed: "漏报",
    unplanned: "计划外",
    planted_and_found: "预警：埋设与找到",
    incidents: "事件找到/埋设",
    near_misses: "近似情形（不应预警）",
    false_alarms: "误报",
    daily_report: "日报",
    marks: "! 越限且显著   ? 越限但不显著",
    work_of: "四三工作",
    save_rate: "维系成功率",
    claimed: "申报",
    verified: "核实",
    members_later: "30 天后仍在",
    approved: "审批同意",
    joint_visits: "联合拜访",
    sent_back: "退回重办",
    report_heads: ["期初", "期末", "离网率", "流失率", "投诉/万", "满意度"],
    work_heads: ["任务", "完成", "按时完成", "超时督办", "取消", "未完"],
    incidents_by_kind: IncidentWords {
        churn_wave: "离网潮",
        member_loss: "成员转走",
        complaint_wave: "投诉潮",
        bad_surveys: "差评",
        locked_number_lost: "锁定号",
        key_line: "关键人",
        batch_leave: "批量离网",
        group_gone: "整体流失",
        chance: "偶然",
    },
};

static EN: DemoWords = DemoWords {
    city: "sisan · a simulated city",
    groups: "groups",
    members: "members",
    seed: "seed",
    events: "events",
    duplicates: "duplicate",
    rejected: "rejected",
    alerts: "alerts",
    tasks: "tasks",
    mails: "mails",
    planned: "planned",
    found: "found",
    missed: "missed",
    unplanned: "unplanned",
    planted_and_found: "alerts: planted against found",
    incidents: "incidents found/planted",
    near_misses: "near misses (must not alert)",
    false_alarms: "false alarms",
    daily_report: "daily report",
    marks: "! breach: over the limit and significant   ? watch",
    work_of: "tasks of",
    save_rate: "save rate",
    claimed: "claimed",
    verified: "verified",
    members_later: "members after 30 days",
    approved: "approved",
    joint_visits: "joint visits",
    sent_back: "sent back",
    report_heads: ["opened", "closed", "churn", "loss", "per 10k", "satisf."],
    work_heads: ["tasks", "done", "in time", "escalated", "cancelled", "open"],
    incidents_by_kind: IncidentWords {
        churn_wave: "churn_wave",
        member_loss: "member_loss",
        complaint_wave: "complaint_wave",
        bad_surveys: "bad_surveys",
        locked_number_lost: "locked_number",
        key_line: "key_line",
        batch_leave: "batch_leave",
        group_gone: "group_gone",
        chance: "chance",
    },
};

/// Where a demo of so many seconds has put everything.
#[must_use]
pub(crate) fn made(locale: Locale, seconds: f64, dir: &str) -> String {
    match locale {
        Locale::ZhCn => format!(
            "用时 {seconds:.1} 秒，全部在 {dir}/：\n  \
             events 事件、mails 邮件（.eml）、reports 日报（Parquet）、sisan.db 数据库"
        ),
        Locale::En => format!(
            "{seconds:.1} s, all of it in {dir}/:\n  \
             events, mails (.eml), reports (Parquet), sisan.db"
        ),
    }
}
