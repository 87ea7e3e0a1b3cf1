//! Lines of a BOSS drop are split into columns between characters.

use crate::decode::columns::split_columns;
use crate::decode::mapping::{Encoding, Layout};

const BAR: Layout = Layout::Separated {
    by: '|',
    columns: 3,
    quote: None,
};
const COMMA: Layout = Layout::Separated {
    by: ',',
    columns: 3,
    quote: Some('"'),
};

fn gb(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

fn texts(line: &[u8], layout: &Layout, encoding: Encoding) -> (Vec<String>, u32) {
    let columns = split_columns(line, layout, encoding).expect("read");
    (columns.texts, columns.replaced)
}

#[test]
fn a_separator_inside_a_character_separates_nothing() {
    // The second byte of this character is that of `|`.
    let tricky = encoding_rs::GB18030
        .decode_without_bom_handling(&[0x81, 0x7c])
        .0
        .into_owned();
    let line = gb(&format!("1|集团{tricky}公司|𠀀"));
    assert!(line.windows(2).any(|pair| pair == [0x81, 0x7c]));
    assert_eq!(
        texts(&line, &BAR, Encoding::Gb18030),
        (
            vec!["1".into(), format!("集团{tricky}公司"), "𠀀".into()],
            0
        )
    );
}

#[test]
fn half_a_character_at_a_columns_end_is_replaced_and_counted() {
    let mut line = b"1|".to_vec();
    line.extend_from_slice(&gb("集团")[..3]);
    line.extend_from_slice(b"|x\r\n");
    assert_eq!(
        texts(&line, &BAR, Encoding::Gb18030),
        (vec!["1".into(), "集\u{fffd}".into(), "x".into()], 1)
    );
    let mut line = "1|集团".as_bytes()[..7].to_vec();
    line.extend_from_slice(b" |x");
    assert_eq!(
        texts(&line, &BAR, Encoding::Utf8),
        (vec!["1".into(), "集\u{fffd}".into(), "x".into()], 1)
    );
}

#[test]
fn fixed_columns_are_cut_by_bytes_and_may_halve_a_character() {
    let layout = Layout::Fixed(vec![(0, 4), (4, 3), (7, 4)]);
    let mut line = b"G001".to_vec();
    line.extend_from_slice(&gb("集团")[..3]);
    line.extend_from_slice(b"  12");
    assert_eq!(
        texts(&line, &layout, Encoding::Gb18030),
        (vec!["G001".into(), "集\u{fffd}".into(), "12".into()], 1)
    );
    let short = split_columns(&line[..10], &layout, Encoding::Gb18030).expect_err("too short");
    assert_eq!(
        short.reason,
        "data.*: expected a line of at least 11 bytes, found 10"
    );
}

#[test]
fn a_line_of_another_number_of_columns_or_another_encoding_is_refused() {
    assert_eq!(
        split_columns(b"1|2", &BAR, Encoding::Gb18030)
            .expect_err("2")
            .reason,
        "data.*: expected a line of 3 columns, found 2"
    );
    assert_eq!(
        split_columns(b"1|2|3|4", &BAR, Encoding::Utf8)
            .expect_err("4")
            .reason,
        "data.*: expected a line of 3 columns, found 4"
    );
    assert_eq!(
        split_columns(
            &[b'1', b'|', 0xff, b'a', b'b', b'c', b'|'],
            &BAR,
            Encoding::Gb18030
        )
        .expect_err("bad")
        .reason,
        "column 2: is not Gb18030 text at its byte 0"
    );
}

#[test]
fn a_quoted_column_may_hold_separators_and_the_sign_twice() {
    for (line, expected) in [
        (r#""a,b","c ""d""",e"#, ["a,b", r#"c "d""#, "e"]),
        (r#" "a" ,"", x "y" "#, ["a", "", r#"x "y""#]),
        ("集团,\"客,户\",", ["集团", "客,户", ""]),
    ] {
        assert_eq!(
            texts(line.as_bytes(), &COMMA, Encoding::Utf8).0,
            expected,
            "{line}"
        );
        assert_eq!(
            texts(&gb(line), &COMMA, Encoding::Gb18030).0,
            expected,
            "{line}"
        );
    }
    let mut half = b"1,\"".to_vec();
    half.extend_from_slice(&gb("集团")[..3]);
    half.extend_from_slice(b"\",x");
    assert_eq!(
        texts(&half, &COMMA, Encoding::Gb18030),
        (vec!["1".into(), "集\u{fffd}".into(), "x".into()], 1)
    );
    for (line, reason) in [
        (
            r#"a,"b,c"#,
            "data.*: expected column 2 quoted as in RFC 4180, found no closing sign",
        ),
        (
            r#"a,"b"c,d"#,
            "data.*: expected column 2 quoted as in RFC 4180, found text behind the closing sign",
        ),
        (
            r#"a,"b,c""#,
            "data.*: expected a line of 3 columns, found 2",
        ),
    ] {
        assert_eq!(
            split_columns(line.as_bytes(), &COMMA, Encoding::Utf8)
                .expect_err(line)
                .reason,
            reason
        );
    }
}

#[test]
fn white_space_and_invisible_characters_at_the_ends_of_a_column_are_no_part_of_it() {
    let line = "\u{feff}1\u{3000}|\u{a0}集\u{200b}团\u{200f}\u{2060}| \u{2003}x\t";
    for encoding in [Encoding::Utf8, Encoding::Gb18030] {
        let bytes = if encoding == Encoding::Utf8 {
            line.as_bytes().to_vec()
        } else {
            gb(line)
        };
        assert_eq!(texts(&bytes, &BAR, encoding).0, ["1", "集\u{200b}团", "x"]);
    }
}
