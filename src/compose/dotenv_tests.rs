// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Tests of the parsers of environment files.

use proptest::prelude::*;

use super::*;

fn shell(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The variables as `KEY=value`, in order of keys, or the message.
fn shown(text: &str, lookup: &[(&str, &str)]) -> Result<Vec<String>, String> {
    parse(text, &shell(lookup))
        .map(|entries| variables(&entries).into_iter().map(|(key, value)| format!("{key}={value}")).collect())
        .map_err(|error| error.message)
}

#[track_caller]
fn gives(text: &str, expected: &[&str]) {
    assert_eq!(shown(text, &[]), Ok(expected.iter().map(|pair| (*pair).to_owned()).collect()), "{text}");
}

#[track_caller]
fn fails(text: &str, message: &str) {
    assert_eq!(shown(text, &[]), Err(message.to_owned()), "{text}");
}

#[test]
fn every_way_to_write_a_line_is_read() {
    gives("A=plain\nB = spaced\nM: yamlstyle\nJ=\nN=a=b=c\n", &["A=plain", "B=spaced", "J=", "M=yamlstyle", "N=a=b=c"]);
    gives(
        "export I=exported\nexport\tK=1\nexported=2\nexport.x=3\n",
        &["I=exported", "K=1", "export.x=3", "exported=2"],
    );
    gives("  A=1\n\n# comment\n\t # other\nB=2", &["A=1", "B=2"]);
    gives("A.b-c[0]=1\n\u{e9}=2\n", &["A.b-c[0]=1", "\u{e9}=2"]);
    gives("", &[]);
    gives("# only\n", &[]);
    gives("=value\n", &["=value"]);
}

#[test]
fn comments_need_a_blank_before_them() {
    gives(
        "F=val # comment\nG=val#nocomment\nH=\"q # in\" # out\nI='a' #x\n",
        &["F=val", "G=val#nocomment", "H=q # in", "I=a"],
    );
}

#[test]
fn double_quotes_expand_and_single_ones_do_not() {
    gives("A=x\nC=\"dq $A\"\nD='sq $A'\nE=un $A\n", &["A=x", "C=dq x", "D=sq $A", "E=un x"]);
    gives("K=\"line1\\nline2\"\nL='line1\\nline2'\nM=a\\nb\n", &["K=line1\nline2", "L=line1\\nline2", "M=a\\nb"]);
    gives("A=\"a\\\"b\" \nB='it\\'s'\nC=\"\\$X \\\\ \\t|\\q\"\n", &["A=a\"b", "B=it's", "C=$X \\ \t|\\q"]);
    gives("A=\"\\0101\\0999\\0\\012\\0777\\c\"", &["A=A\\0999\\0\\012\\0777\\c"]);
    gives("A=\"one\ntwo\"\nB='three\n\nfour'\nC=5", &["A=one\ntwo", "B=three\n\nfour", "C=5"]);
}

#[test]
fn dollars_follow_the_rules_of_interpolation() {
    gives(
        "HASH='$2y$10$abc'\nDQ=\"$2y$10$abc\"\nUQ=$2y$10$abc\nESC=$$x\n",
        &["DQ=$2y$10", "ESC=$x", "HASH=$2y$10$abc", "UQ=$2y$10"],
    );
    gives("A=${U:-d}-${U}\n", &["A=d-"]);
    fails("A=${1}\n", "Invalid template: \"${1}\"");
    fails("A=${U:?gone}\n", "required variable U is missing a value: gone");
}

#[test]
fn the_lookup_beats_earlier_lines_in_values_only() {
    let text = "Y=${X}-${U:-d}\nX=file\nZ=$X\n";
    assert_eq!(shown(text, &[("X", "shell")]), Ok(vec!["X=file".into(), "Y=shell-d".into(), "Z=shell".into()]));
}

#[test]
fn bare_names_inherit_or_vanish() {
    assert_eq!(shown("A=1\nB\nC\n", &[("B", "from-shell")]), Ok(vec!["A=1".into(), "B=from-shell".into()]));
    assert_eq!(shown("A=1\nA\n", &[]), Ok(vec!["A=1".into()]));
    // Without a line break after it the word is a value without a name.
    gives("A=1\nB", &["=B", "A=1"]);
}

#[test]
fn byte_order_mark_and_windows_line_ends_are_fine() {
    gives("\u{feff}A=1\r\nB=2\r\nC=\"3\"\r\nD\r\n", &["A=1", "B=2", "C=3"]);
}

#[test]
fn the_last_of_equal_keys_wins() {
    gives("A=1\nA=2\n", &["A=2"]);
}

#[test]
fn what_follows_a_closing_quote_is_the_next_statement() {
    gives("A=\"x\" B=2\n", &["A=x", "B=2"]);
}

#[test]
fn errors_are_those_of_compose() {
    fails("A=1\nthis is not valid\n", "line 2: key cannot contain a space");
    fails("A B=1\n", "line 1: key cannot contain a space");
    fails("A=1\n\nlol$wut\nB=2", "line 3: unexpected character \"$\" in variable name \"lol$wut\"");
    fails("A=\"x\nB=2", "line 2: unterminated quoted value \"x");
    fails("export ", "zero length string");
}

#[test]
fn places_cover_the_whole_entry() -> Result<(), DotenvError> {
    let text = "\u{feff}A=1 # c\nexport B = \"x\ny\" # d\nC\n";
    let entries = parse(text, &shell(&[]))?;
    let slices: Vec<_> = entries.iter().map(|entry| &text[entry.range.clone()]).collect();
    assert_eq!(slices, ["A=1", "export B = \"x\ny\"", "C"]);
    let error = parse("A=1\nthis is not valid\n", &shell(&[])).map_err(|error| error.range);
    assert_eq!(error, Err(4..21));
    assert_eq!(parse("A=$U ${V}", &shell(&[]))?[0].unset, ["U", "V"]);
    Ok(())
}

#[test]
fn raw_values_are_taken_as_they_are() -> Result<(), DotenvError> {
    let text = "A=\"quoted\"\nB='s $X'\r\n  C=$X # not a comment \n# comment\nD=\nE\nF\n";
    let entries = parse_raw(text, &shell(&[("E", "env")]))?;
    let pairs: Vec<_> = entries.iter().map(|entry| (entry.key.as_str(), entry.value.as_deref())).collect();
    assert_eq!(
        pairs,
        [
            ("A", Some("\"quoted\"")),
            ("B", Some("'s $X'")),
            ("C", Some("$X # not a comment ")),
            ("D", Some("")),
            ("E", Some("env")),
            ("F", None),
        ]
    );
    assert_eq!(&text[entries[2].range.clone()], "C=$X # not a comment ");
    Ok(())
}

#[test]
fn raw_names_must_be_there_and_hold_no_blank() {
    let message = |text: &str| parse_raw(text, &shell(&[])).map_err(|error| error.message).err();
    assert_eq!(message("=x"), Some("no variable name on line '=x'".to_owned()));
    assert_eq!(message("A =x"), Some("variable 'A ' contains whitespaces".to_owned()));
    assert_eq!(message("\u{feff}A=x"), None);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(\u{feff})?[A-C=: \"'\\\\$#{}\n\r\té0a-]{0,40}") {
        let lookup = shell(&[("A", "a")]);
        for entries in [parse(&text, &lookup), parse_raw(&text, &lookup)] {
            match entries {
                Ok(entries) => {
                    for entry in entries {
                        prop_assert!(text.get(entry.range).is_some());
                    }
                }
                Err(error) => prop_assert!(text.get(error.range).is_some()),
            }
        }
    }

    #[test]
    fn single_quotes_keep_everything(value in "[^'\\\\\r]{0,20}") {
        let entries = parse(&format!("A='{value}'\n"), &shell(&[]));
        prop_assert_eq!(entries.map(|entries| variables(&entries).remove("A")), Ok(Some(value)));
    }
}
