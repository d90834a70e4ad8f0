// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
use proptest::prelude::*;

use super::*;

fn painted(text: &str) -> String {
    Redaction::new(text, &[]).text().to_owned()
}

#[test]
fn values_beside_secret_names_are_painted_over() {
    for (text, expected) in [
        ("  API_KEY: hunter2", "  API_KEY: *******"),
        ("  API_KEY: \"hunter2\" # note", "  API_KEY: \"*******\" # note"),
        ("  - DB_PASSWORD=hunter2", "  - DB_PASSWORD=*******"),
        ("  - \"DB_PASSWORD=hun ter2\"", "  - \"DB_PASSWORD=********\""),
        ("  - DB_PASSWORD=hunter2 # x", "  - DB_PASSWORD=******* # x"),
        ("  environment: {API_KEY: hunter2, B: c}", "  environment: {API_KEY: *******, B: c}"),
        ("  environment: {\"API_KEY\": \"hunter2\"}", "  environment: {\"API_KEY\": \"*******\"}"),
        ("command: serve --api-key hunter2 --port 1", "command: serve --api-key ******* --port 1"),
        ("command: serve --api-key=hunter2 --port 1", "command: serve --api-key=******* --port 1"),
        ("command: [\"serve\", \"--api-key\", \"hunter2\"]", "command: [\"serve\", \"--api-key\", \"*******\"]"),
        ("  URL: postgres://u:hunter2@db/x", "  URL: postgres://u:*******@db/x"),
        ("# API_KEY: hunter2", "# API_KEY: *******"),
        ("  API_KEY: ${API_KEY:-hunter2}", "  API_KEY: *********************"),
    ] {
        let expected_length = if text.contains(":-") { text.len() } else { expected.len() };
        assert_eq!(painted(text).len(), expected_length, "{text}");
        assert!(!painted(text).contains("hunter2") && !painted(text).contains("hun ter2"), "{}", painted(text));
        if !text.contains(":-") {
            assert_eq!(painted(text), expected);
        }
    }
}

#[test]
fn harmless_lines_stay_as_they_are() {
    for text in [
        "  MAX_TOKENS: 4096",
        "  API_KEY: ${API_KEY:?set it}",
        "  API_KEY:",
        "  DB_PASSWORD_FILE: /run/secrets/db",
        "    image: ghcr.io/a/b:1.2.3",
        "  URL: http://db:8080/x",
        "  URL: postgres://u:${PW}@db/x",
        "  command: serve --api-key-file /run/x",
        "secrets:",
        "  token: true",
    ] {
        assert_eq!(painted(text), text);
    }
}

#[test]
fn the_default_of_a_secret_variable_is_painted_over_anywhere() {
    assert_eq!(
        painted("  test: mysql -p${DB_PASSWORD:-hunter2} -u${DB_USER:-root}"),
        "  test: mysql -p${DB_PASSWORD:-*******} -u${DB_USER:-root}"
    );
    for text in ["  test: mysql -p${DB_PASSWORD:?set it}", "  test: mysql -p${DB_PASSWORD:-${OTHER}}"] {
        assert_eq!(painted(text), text);
    }
}

#[test]
fn hashes_of_passwords_are_painted_over() {
    assert_eq!(painted("  - users=admin:$apr1$abcdefgh$ij # x"), "  - users=admin:$apr1$*********** # x");
    assert_eq!(painted("USERS=admin:$$2y$$10$$abcdefghij"), "USERS=admin:$$2y$$**************");
    for text in ["  test: awk '{print $5$6}'", "  user: $UID", "  a: $1$"] {
        assert_eq!(painted(text), text);
    }
}

#[test]
fn places_that_a_rule_knows_are_painted_over() {
    let text = "  PHRASE: 'open sesame' # x";
    let start = text.find('\'').unwrap_or_default();
    let redaction = Redaction::new(text, &[start..start + 13, 0..0, 900..901]);
    assert_eq!(redaction.text(), "  PHRASE: '***********' # x");
    // Known by the rule and by the name: one place.
    let part = 11..15;
    assert_eq!(Redaction::new("  API_KEY: hunter2", std::slice::from_ref(&part)).text(), "  API_KEY: *******");
}

#[test]
fn long_secrets_keep_their_ends() {
    assert_eq!(painted("KEY: sk-ant-1234567890abcdefgh"), "KEY: sk-a*******************gh");
}

#[test]
fn block_scalars_and_pem_are_painted_over() {
    assert_eq!(
        painted("a:\n  SECRET: |\n    one\n\n    two\n  b: c\n"),
        "a:\n  SECRET: |\n    ***\n\n    ***\n  b: c\n"
    );
    let pem = "  k: |\n    -----BEGIN PRIVATE KEY-----\n    abc\n    -----END PRIVATE KEY-----\n  b: c\n";
    assert!(!painted(pem).contains("abc") && painted(pem).ends_with("  b: c\n"));
    let one_line = "KEY: \"-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----\"\nb: c\n";
    assert!(!painted(one_line).contains("abc") && painted(one_line).ends_with("b: c\n"));
}

#[test]
fn messages_do_not_repeat_secrets() {
    let text = "API_KEY: hunter2";
    let redaction = Redaction::new(text, &[]);
    let secrets: Vec<&str> = redaction.hidden_in(0..text.len()).map(|range| &text[range]).collect();
    assert_eq!(mask_in("`hunter2` is weak", &secrets), "`****` is weak");
    assert_eq!(redaction.hidden_in(0..5).count(), 0);
}

#[test]
fn a_secret_that_a_cut_has_halved_is_masked() {
    let secrets = ["hunter2-hunter3"];
    for (message, masked) in [
        ("no login with hunter2-hu…", "no login with ****…"),
        ("no login with hunt... in the file", "no login with ****... in the file"),
        ("hunter2-hunter3… and hunter2…", "****… and ****…"),
        ("the hun…", "the hun…"),
        ("hunter2 in the middle", "hunter2 in the middle"),
    ] {
        assert_eq!(mask_in(message, &secrets), masked);
    }
    assert_eq!(mask_in("as ünî…", &["ünîcödé"]), "as ****…");
}

#[test]
fn lines_made_to_take_long_do_not() {
    for part in
        ["a: ", "KEY=a ", "KEY=KEY=", "\" ", "--key ", "{KEY: true, ", "x://", " ", "KEY=/", "$", "$1$", "${KEY:-"]
    {
        let text = part.repeat(200_000 / part.len());
        assert_eq!(painted(&text).len(), text.len());
    }
}

proptest! {
    #[test]
    fn length_and_lines_never_change(text in "(?s)([ -~äé日🦀\n]|KEY|: |=|://|password){0,60}") {
        let painted = painted(&text);
        prop_assert_eq!(painted.len(), text.len());
        prop_assert_eq!(painted.lines().count(), text.lines().count());
        prop_assert_eq!(painted.chars().count(), text.chars().count());
    }
}
