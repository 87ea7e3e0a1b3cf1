//! Words of a task made by hand that propose an offer or a special tariff.
//!
//! It does not know whether the guard holds for a subscriber that the words name. Invariant: the
//! lists hold what managers write for a price advantage or a present; a word that is also said of
//! ordinary work (送 a paper, a bill of 话费) counts only beside what makes it an offer.

use super::phones::half_width;

/// What is found anywhere in a text: offers, discounts, tariffs, presents, reductions.
const IN_CHINESE: [&str; 25] = [
    "优惠",
    "打折",
    "折扣",
    "资费",
    "赠送",
    "减免",
    "赠",
    "返现",
    "返费",
    "返利",
    "流量包",
    "特惠",
    "特价",
    "减半",
    "立减",
    "补贴",
    "代金券",
    "红包",
    "免费",
    "套餐",
    "降档",
    "低消",
    "月租降",
    "降价",
    "慰问品",
];
/// What has a character of an offer in it and is none: delivering, paying what is due, coming back.
const ORDINARY: [&str; 29] = [
    "发送", "送达", "送货", "送件", "送交", "送修", "送审", "送检", "送签", "派送", "配送", "寄送",
    "报送", "推送", "递送", "转送", "抄送", "接送", "补缴", "补交", "补办", "补录", "补充", "补打",
    "补卡", "返回", "往返", "减少", "折页",
];
/// What is given away.
const GIVEN: [&str; 12] = [
    "话费", "流量", "宽带", "会员", "手机", "终端", "积分", "权益", "礼", "券", "月饼", "油卡",
];
/// Said of charges (话费), one of these is an offer; of a sum of money too.
const GIVING: [char; 6] = ['送', '赠', '返', '减', '补', '抵'];
/// What an offer counts in.
const UNITS: [&str; 9] = ["元", "块", "g", "m", "分钟", "个月", "月", "年", "倍"];
/// How many characters on lies what is given, or what is said of charges.
const NEAR: usize = 8;
/// With what a word begins that says the same.
const IN_ENGLISH: [&str; 14] = [
    "offer",
    "discount",
    "rebate",
    "cashback",
    "gift",
    "voucher",
    "coupon",
    "waive",
    "waiving",
    "bonus",
    "subsid",
    "tariff",
    "half price",
    "half-price",
];

/// The first word of a text that proposes an offer.
#[must_use]
pub(crate) fn proposing_word(text: &str) -> Option<&'static str> {
    let text: String = text.chars().map(half_width).collect();
    let text = text.to_ascii_lowercase();
    in_chinese(&text).or_else(|| in_english(&text))
}

fn in_english(text: &str) -> Option<&'static str> {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphabetic()).collect();
    let is_said = |start: &&str| words.iter().any(|word| word.starts_with(start));
    let begun = IN_ENGLISH.into_iter().find(is_said);
    // What is frozen is no offer.
    let free = || words.contains(&"free").then_some("free");
    let cash_back = || words.windows(2).any(|two| two == ["cash", "back"]);
    begun
        .or_else(free)
        .or_else(|| cash_back().then_some("cash back"))
}

fn in_chinese(text: &str) -> Option<&'static str> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = ORDINARY
        .iter()
        .fold(text, |text, word| text.replace(word, "，"));
    let anywhere = IN_CHINESE.into_iter().find(|word| plain.contains(word));
    anywhere.or_else(|| beside(&plain))
}

/// A word that is an offer by what stands beside it.
fn beside(text: &str) -> Option<&'static str> {
    let chars: Vec<char> = text.chars().collect();
    let clauses = chars.split(|c| matches!(c, '，' | '。' | '；' | ',' | ';' | '、'));
    clauses.into_iter().find_map(|clause| {
        (0..clause.len()).find_map(|at| {
            let after = &clause[at + 1..];
            match clause[at] {
                '送' if gives(after) => Some("送"),
                '折' if at > 0 && is_numeral(clause[at - 1]) => Some("折"),
                '话' if after.first() == Some(&'费') && is_given(clause, at) => Some("话费"),
                one if GIVING.contains(&one) && begins_with_sum(after) => Some("减"),
                _ => None,
            }
        })
    })
}

/// Whether what follows 送 is given away.
fn gives(after: &[char]) -> bool {
    let near: String = after.iter().take(NEAR).collect();
    GIVEN.iter().any(|given| near.contains(given)) || begins_with_sum(after)
}

/// Whether the charges (话费) at a place are said to be given or reduced.
fn is_given(clause: &[char], at: usize) -> bool {
    let near = &clause[at.saturating_sub(NEAR)..clause.len().min(at + 2 + NEAR)];
    near.iter().any(|one| GIVING.contains(one))
}

/// Whether it begins with a number of money, data or months.
fn begins_with_sum(text: &[char]) -> bool {
    let digits = text.iter().take_while(|one| is_numeral(**one)).count();
    let unit: String = text[digits..].iter().take(2).collect();
    digits > 0 && UNITS.iter().any(|one| unit.starts_with(one))
}

fn is_numeral(one: char) -> bool {
    one.is_ascii_digit() || "一二两三四五六七八九十百千半.".contains(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_found_however_it_is_written() {
        for (text, word) in [
            ("面谈优惠方案", "优惠"),
            ("套餐打折后回访", "打折"),
            ("送200元话费挽留", "送"),
            ("送流量包、返现100元", "返现"),
            ("改办5折特惠套餐", "特惠"),
            ("月租减半挽留", "减半"),
            ("赠话费", "赠"),
            ("按八折续约", "折"),
            ("按８．５折续约", "折"),
            ("预存返费", "返费"),
            ("每月减20元", "减"),
            ("话费每月返50", "话费"),
            ("补 100 元话费差额", "减"),
            ("续约立减", "立减"),
            ("给予补贴", "补贴"),
            ("发优惠券或代金券", "优惠"),
            ("发代金券", "代金券"),
            ("免费换机", "免费"),
            ("核实套餐", "套餐"),
            ("上门送手机", "送"),
            ("送三个月宽带", "送"),
            ("送10GB", "送"),
            ("送礼品", "送"),
            ("make an Offer", "offer"),
            ("ＤＩＳＣＯＵＮＴＳ of ten per cent", "discount"),
            ("three months free", "free"),
            ("a rebate", "rebate"),
            ("cash back of 100", "cash back"),
            ("Cashback", "cashback"),
            ("bring gifts", "gift"),
            ("a voucher", "voucher"),
            ("waive the fee", "waive"),
            ("bonus data", "bonus"),
        ] {
            assert_eq!(proposing_word(text), Some(word), "{text}");
        }
    }

    #[test]
    fn ordinary_work_is_not_taken_for_an_offer() {
        for text in [
            "问清携出原因和需求",
            "话费账单核对",
            "核对话费并送达账单",
            "发送资料",
            "送货到前台",
            "上门送发票",
            "资料送达后回访",
            "催缴欠费",
            "补缴话费后复机",
            "补充客户资料",
            "往返两次，减少误解",
            "送3份资料",
            "送三折页宣传单",
            "返回机房",
            "客户摔伤骨折，改期",
            "coffers and turnoffers",
            "freeze the line",
            "call back",
        ] {
            assert_eq!(proposing_word(text), None, "{text}");
        }
    }
}
