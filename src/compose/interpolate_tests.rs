// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Tests of interpolation: every operator and every oddity of Compose 2.40.

use proptest::prelude::*;

use super::*;

fn environment() -> BTreeMap<String, String> {
    [("SET", "s"), ("EMPTY", ""), ("FOO", "foo"), ("DOLLAR", "$FOO")]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn value(template: &str) -> Result<String, String> {
    interpolate(template, &environment()).map(|result| result.value).map_err(|error| error.to_string())
}

#[track_caller]
fn gives(template: &str, expected: &str) {
    assert_eq!(value(template), Ok(expected.to_owned()), "{template}");
}

#[track_caller]
fn fails(template: &str, expected: &str) {
    assert_eq!(value(template), Err(expected.to_owned()), "{template}");
}

#[test]
fn default_operators_tell_empty_from_unset() {
    gives("${U:-d}|${EMPTY:-d}|${SET:-d}|${U:-}", "d|d|s|");
    gives("${U-d}|${EMPTY-d}|${SET-d}|${U-}", "d||s|");
}

#[test]
fn alternative_operators_tell_empty_from_unset() {
    gives("${U:+alt}|${EMPTY:+alt}|${SET:+alt}|${SET:+}", "||alt|");
    gives("${U+alt}|${EMPTY+alt}|${SET+alt}", "|alt|alt");
}

#[test]
fn required_operators_fail_with_their_message() {
    gives("[${EMPTY?must be set}]${SET:?x}", "[]s");
    fails("${U:?must be set}", "required variable U is missing a value: must be set");
    fails("${U?}", "required variable U is missing a value");
    fails("${EMPTY:?for $FOO}", "required variable EMPTY is missing a value: for foo");
}

#[test]
fn operands_are_evaluated_even_when_not_needed() {
    fails("${SET:-${V:?inner missing}}", "required variable V is missing a value: inner missing");
    fails("${U:+${V:?inner missing}}", "required variable V is missing a value: inner missing");
    fails("${SET:?${1}}", "Invalid template: \"${1}\"");
}

#[test]
fn operands_nest_and_keep_their_text() {
    gives("${U:-${V:-${FOO}}}", "foo");
    gives("${U:-a-$FOO-b}/x", "a-foo-b/x");
    gives("${U:-\"q\"}${U:-'q'}${U:-a b  c}", "\"q\"'q'a b  c");
    gives("${U:-http://h:80/p?q=1&r=2}", "http://h:80/p?q=1&r=2");
    gives("${U:--x}|${U:-?}|${U:-:?}|${U-a:-b}|${U:-{}}", "-x|?|:?|a:-b|{}");
    gives("${FOO-BAR}${NO-BAR-BAZ}", "fooBAR-BAZ");
    gives("${U:-$$X}|${U:-a$$}", "$X|a$");
}

#[test]
fn values_are_not_interpolated_again() {
    gives("${DOLLAR} ${U:-${DOLLAR}}", "$FOO $FOO");
}

#[test]
fn dollars_that_begin_nothing_are_kept() {
    for text in ["cost 5$", "$1", "$(x)", "a $ b", "$", "$-", "$ {A}", "5$\n", "$é"] {
        gives(text, text);
    }
}

#[test]
fn doubled_dollars_are_one() {
    gives("$$FOO|$${FOO}|$$$$|a$$b|$$$FOO|$$(date)|$$$", "$FOO|${FOO}|$$|a$b|$foo|$(date)|$$");
}

#[test]
fn malformed_braces_are_errors() {
    for text in ["${}", "${1FOO}", "${ FOO }", "${FOO", "${FOO:-a", "${FOO!}", "${FOO:}", "${FOO:=a}", "${"] {
        fails(text, &format!("Invalid template: {}", quote(text)));
    }
    fails("${U:-a\nb}", "Invalid template: \"${U:-a\\nb}\"");
}

#[test]
fn errors_name_the_text_that_compose_names() {
    fails("a ${U:-${1}} b", "Invalid template: \"${1}\"");
    fails("a ${U:-x} ${1} b", "Invalid template: \" ${1}\"");
    fails("a ${U:-x} ${1", "Invalid template: \"a ${U:-x} ${1\"");
    fails("a ${FOO} ${1} b", "Invalid template: \"a ${FOO} ${1} b\"");
    fails("${U:-x} ${V:-y} ${1}\n${2}", "Invalid template: \" ${1}\"");
}

#[test]
fn errors_point_at_the_reference() {
    let range = |template: &str| interpolate(template, &environment()).map_err(|error| error.range).err();
    assert_eq!(range("ab ${1F} c"), Some(3..8));
    assert_eq!(range("ab ${F"), Some(3..5));
    assert_eq!(range("ab ${U:-${V:?m}} c"), Some(8..15));
    assert_eq!(range("é${U?}"), Some(2..7));
}

#[test]
fn a_brace_after_a_brace_is_not_counted() {
    // compose-go skips the byte after every opening brace, so the outer one never closes and takes the whole line.
    fails("${U:-{}} ${FOO} x", "Invalid template: \"{}} ${FOO\"");
    gives("${U:-{a}} ${FOO}", "{a} foo");
}

#[test]
fn names_are_ascii_words() {
    gives("$FOO.x $FOO-x ${foo:-lower} $FOO\u{e9}", "foo.x foo-x lower foo\u{e9}");
    let names: Vec<_> = references("$_a1 $\u{212a}9 $A\u{17f}").into_iter().map(|found| found.name).collect();
    assert_eq!(names, ["_a1", "\u{212a}9", "A\u{17f}"]);
}

#[test]
fn references_carry_operator_operand_and_place() -> Result<(), TemplateError> {
    let template = "a $X ${Y:-b${Z}} $$N ${W:?m}";
    let found = references(template);
    let shown: Vec<_> = found
        .iter()
        .map(|found| {
            (
                found.name.as_str(),
                found.operator,
                found.operand.as_deref(),
                &template[found.range.clone()],
                found.nested,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("X", Operator::Plain, None, "$X", false),
            ("Y", Operator::Default, Some("b${Z}"), "${Y:-b${Z}}", false),
            ("Z", Operator::Plain, None, "${Z}", true),
            ("W", Operator::Required, Some("m"), "${W:?m}", false),
        ]
    );
    let evaluated = interpolate_with(template, &environment(), Missing::Empty)?;
    assert_eq!(evaluated.references, found);
    assert_eq!(evaluated.value, "a  b $N ");
    let unset: Vec<_> = evaluated.unset.iter().map(|unset| (unset.name.as_str(), unset.range.start)).collect();
    assert_eq!(unset, [("X", 2), ("Z", 11)]);
    assert_eq!(evaluated.required_unset, [RequiredUnset { name: "W".into(), message: "m".into(), range: 21..28 }]);
    Ok(())
}

#[test]
fn malformed_references_are_left_out_of_the_list() {
    let names: Vec<_> = references("${1} $A ${B:-${1} ${C}} ${D").into_iter().map(|found| found.name).collect();
    assert_eq!(names, ["A", "B", "C"]);
}

#[test]
fn hostile_nesting_is_refused_quickly() {
    let deep = format!("{}x{}", "${A:-".repeat(20_000), "}".repeat(20_000));
    assert_eq!(interpolate(&deep, &environment()).map_err(|error| error.kind), Err(TemplateErrorKind::TooDeep));
    assert_eq!(references(&deep).len(), MAX_DEPTH + 1);
    let open = "${A:-".repeat(50_000);
    assert!(interpolate(&open, &environment()).is_err());
    assert!(references(&open).is_empty());
    let flat = "${A:-x}".repeat(50_000);
    assert_eq!(interpolate(&flat, &environment()).map(|result| result.value.len()), Ok(50_000));
}

proptest! {
    #[test]
    fn text_without_a_dollar_is_itself(text in "[^$]{0,40}") {
        prop_assert_eq!(interpolate(&text, &environment()).map(|result| result.value), Ok(text));
    }

    #[test]
    fn any_template_has_a_value_or_an_error(text in "[$a{}:?+\\-S\nEé1]{0,24}") {
        let listed = references(&text);
        if let Ok(result) = interpolate_with(&text, &environment(), Missing::Empty) {
            prop_assert_eq!(&result.references, &listed);
        }
        for found in listed {
            prop_assert!(text.get(found.range).is_some());
        }
    }

    #[test]
    fn escaped_text_comes_back(text in any::<String>()) {
        let escaped = text.replace('$', "$$");
        prop_assert_eq!(interpolate(&escaped, &environment()).map(|result| result.value), Ok(text));
    }
}
