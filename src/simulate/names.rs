//! Believable Chinese names: enterprises, units, persons with their pinyin for mail addresses,
//! phone numbers.
//!
//! All invented. Invariant: phone numbers of different indices differ; a person's address is ASCII.

use super::rng::Rng;

/// Districts of the city; a unit is responsible for one.
const PLACES: [(&str, &str); 11] = [
    ("北湖区", "郴州市"),
    ("苏仙区", "郴州市苏仙"),
    ("桂阳县", "桂阳县"),
    ("资兴市", "资兴市"),
    ("宜章县", "宜章县"),
    ("永兴县", "永兴县"),
    ("嘉禾县", "嘉禾县"),
    ("临武县", "临武县"),
    ("汝城县", "汝城县"),
    ("安仁县", "安仁县"),
    ("桂东县", "桂东县"),
];

const BRANDS: [&str; 48] = [
    "华晟",
    "鑫达",
    "恒信",
    "瑞丰",
    "宏远",
    "金盛",
    "永泰",
    "嘉禾",
    "天润",
    "中盈",
    "博雅",
    "振兴",
    "国泰",
    "万通",
    "德润",
    "顺达",
    "联创",
    "九鼎",
    "东江",
    "莽山",
    "湘南",
    "林邑",
    "裕后",
    "福源",
    "安顺",
    "长青",
    "百川",
    "启明",
    "同济",
    "宝丰",
    "凯旋",
    "昌隆",
    "正和",
    "新源",
    "银河",
    "创科",
    "兴业",
    "众诚",
    "三湘",
    "五岭",
    "鸿运",
    "荣达",
    "利民",
    "康宁",
    "海纳",
    "汇丰源",
    "佳美",
    "远航",
];

/// Industry and the ending of a name.
const INDUSTRIES: [(&str, &str); 20] = [
    ("制造业", "机械制造有限公司"),
    ("制造业", "精密电子有限公司"),
    ("制造业", "新材料科技有限公司"),
    ("制造业", "食品有限公司"),
    ("采矿业", "矿业有限公司"),
    ("采矿业", "有色金属有限公司"),
    ("建筑业", "建筑工程有限公司"),
    ("建筑业", "建材有限公司"),
    ("物流业", "物流有限公司"),
    ("物流业", "汽车运输有限公司"),
    ("商贸业", "商贸有限公司"),
    ("商贸业", "百货连锁有限公司"),
    ("住宿餐饮业", "国际酒店有限公司"),
    ("农业", "农业发展有限公司"),
    ("农业", "生态茶业有限公司"),
    ("医药业", "医药有限公司"),
    ("信息业", "信息技术有限公司"),
    ("金融业", "小额贷款有限公司"),
    ("房地产业", "置业有限公司"),
    ("能源业", "新能源有限公司"),
];

/// Public bodies, one of each at a place and number.
const BODIES: [(&str, &str); 6] = [
    ("教育", "中学"),
    ("教育", "小学"),
    ("教育", "幼儿园"),
    ("医疗", "社区卫生服务中心"),
    ("医疗", "人民医院"),
    ("政务", "街道办事处"),
];

const NUMBERS: [&str; 10] = [
    "第一", "第二", "第三", "第四", "第五", "第六", "第七", "第八", "第九", "第十",
];

const SURNAMES: [(&str, &str); 36] = [
    ("李", "li"),
    ("王", "wang"),
    ("张", "zhang"),
    ("刘", "liu"),
    ("陈", "chen"),
    ("杨", "yang"),
    ("黄", "huang"),
    ("周", "zhou"),
    ("吴", "wu"),
    ("徐", "xu"),
    ("孙", "sun"),
    ("胡", "hu"),
    ("朱", "zhu"),
    ("高", "gao"),
    ("林", "lin"),
    ("何", "he"),
    ("郭", "guo"),
    ("马", "ma"),
    ("罗", "luo"),
    ("梁", "liang"),
    ("宋", "song"),
    ("郑", "zheng"),
    ("谢", "xie"),
    ("唐", "tang"),
    ("邓", "deng"),
    ("曹", "cao"),
    ("曾", "zeng"),
    ("彭", "peng"),
    ("肖", "xiao"),
    ("欧阳", "ouyang"),
    ("谭", "tan"),
    ("雷", "lei"),
    ("廖", "liao"),
    ("邝", "kuang"),
    ("段", "duan"),
    ("侯", "hou"),
];

const GIVEN: [(&str, &str); 44] = [
    ("建", "jian"),
    ("国", "guo"),
    ("志", "zhi"),
    ("强", "qiang"),
    ("伟", "wei"),
    ("明", "ming"),
    ("华", "hua"),
    ("军", "jun"),
    ("平", "ping"),
    ("文", "wen"),
    ("辉", "hui"),
    ("勇", "yong"),
    ("丽", "li"),
    ("芳", "fang"),
    ("敏", "min"),
    ("静", "jing"),
    ("秀", "xiu"),
    ("英", "ying"),
    ("霞", "xia"),
    ("玲", "ling"),
    ("婷", "ting"),
    ("雪", "xue"),
    ("梅", "mei"),
    ("晓", "xiao"),
    ("海", "hai"),
    ("波", "bo"),
    ("鹏", "peng"),
    ("飞", "fei"),
    ("超", "chao"),
    ("杰", "jie"),
    ("宇", "yu"),
    ("浩", "hao"),
    ("晨", "chen"),
    ("欣", "xin"),
    ("怡", "yi"),
    ("佳", "jia"),
    ("子", "zi"),
    ("思", "si"),
    ("雨", "yu"),
    ("春", "chun"),
    ("林", "lin"),
    ("德", "de"),
    ("永", "yong"),
    ("新", "xin"),
];

/// Makes names that do not come twice.
#[derive(Debug, Default)]
pub(super) struct NameGenerator {
    taken: std::collections::HashSet<String>,
}

impl NameGenerator {
    /// An enterprise or public body of a unit's place: name and industry.
    pub(super) fn enterprise(&mut self, unit: usize, rng: &mut Rng) -> (String, &'static str) {
        let place = PLACES[unit % PLACES.len()].1;
        for round in 0.. {
            let (mut name, industry) = if rng.chance(0.14) {
                let (industry, body) = *rng.pick(&BODIES);
                (format!("{place}{}{body}", rng.pick(&NUMBERS)), industry)
            } else {
                let (industry, form) = *rng.pick(&INDUSTRIES);
                (format!("{place}{}{form}", rng.pick(&BRANDS)), industry)
            };
            if round > 20 {
                name = format!("{name}{}分部", round - 19);
            }
            if self.taken.insert(name.clone()) {
                return (name, industry);
            }
        }
        unreachable!("some round finds a free number")
    }
}

/// The unit that is responsible for a place: 北湖区集团客户中心, then 北湖区第二集团客户中心.
pub(super) fn unit(index: usize) -> String {
    let place = PLACES[index % PLACES.len()].0;
    match index / PLACES.len() {
        0 => format!("{place}集团客户中心"),
        n => format!("{place}{}集团客户中心", NUMBERS[n % NUMBERS.len()]),
    }
}

/// A person: name and pinyin.
pub(super) fn person(rng: &mut Rng) -> (String, String) {
    let (surname, given) = (rng.pick(&SURNAMES), rng.pick(&GIVEN));
    if rng.chance(0.25) {
        return (
            format!("{}{}", surname.0, given.0),
            format!("{}{}", given.1, surname.1),
        );
    }
    let second = rng.pick(&GIVEN);
    (
        format!("{}{}{}", surname.0, given.0, second.0),
        format!("{}{}{}", given.1, second.1, surname.1),
    )
}

/// The `index`th phone number: 11 digits that begin with 134–139; no two alike below 600 million.
pub(super) fn phone(index: usize) -> String {
    // 61,803,399 shares no factor with 10^8, so that this only changes the order.
    let tail = (index as u64 % 100_000_000) * 61_803_399 % 100_000_000;
    format!("13{}{tail:08}", 4 + (index as u64 / 100_000_000 + tail) % 6)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_numbers_do_not_come_twice() {
        let (mut names, mut rng) = (NameGenerator::default(), Rng::new(1, 1));
        let all: HashSet<String> = (0..5_000)
            .map(|i| names.enterprise(i % 3, &mut rng).0)
            .collect();
        assert_eq!(all.len(), 5_000);
        let phones: HashSet<String> = (0..200_000).map(phone).collect();
        assert_eq!(phones.len(), 200_000);
        assert!(phones.iter().all(|p| p.len() == 11 && p.starts_with("13")));
        assert_ne!(unit(0), unit(11));
        assert!((0..500).all(|_| person(&mut rng).1.is_ascii()));
    }
}
