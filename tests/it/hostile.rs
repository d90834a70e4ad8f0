// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Hostile and broken input: a clear error, the right status, no panic, and an end.

use std::fmt::Write as _;
use std::fs;

use super::support::{Ended, Sandbox};

/// Validates the sandbox's `compose.yaml` and resolves it; both refuse. Gives the words of `validate`.
#[track_caller]
fn refused(sandbox: &Sandbox) -> String {
    let resolved = sandbox.run(&["-f", "compose.yaml", "config"]).expect(1);
    assert_eq!(resolved.stdout, "");
    assert!(resolved.stderr.contains("error["), "{}", resolved.stderr);
    let judged = sandbox.run(&["validate", "compose.yaml"]);
    assert!([1, 2].contains(&judged.code()), "{judged:?}");
    words(&judged)
}

fn words(ended: &Ended) -> String {
    format!("{}{}", ended.stdout, ended.stderr)
}

/// Ten aliases a level, so many levels.
fn alias_bomb(levels: usize) -> String {
    let mut text = String::from("x-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..levels {
        let _ = writeln!(text, "x-{level}: &a{level} [{}]", vec![format!("*a{}", level - 1); 10].join(", "));
    }
    let _ = writeln!(text, "services:\n  web:\n    image: nginx:1.27.3\n    command: *a{}", levels - 1);
    text
}

#[test]
fn alias_bomb_is_refused() {
    let said = refused(&Sandbox::with_compose(alias_bomb(12)));
    assert!(said.contains("error[yaml-invalid]") && said.contains("alias"), "{said}");
}

#[test]
fn merge_bomb_comes_to_an_end() {
    let mut text = String::from("x-0: &m0 {k: v}\n");
    for level in 1..40 {
        let below = level - 1;
        let _ =
            writeln!(text, "x-{level}: &m{level} {{<<: [*m{below}, *m{below}, *m{below}, *m{below}], k{level}: v}}");
    }
    text.push_str("services:\n  web:\n    image: nginx:1.27.3\n    environment: *m39\n");
    let sandbox = Sandbox::with_compose(text);
    let ended = sandbox.run(&["validate", "compose.yaml"]);
    assert!([0, 1].contains(&ended.code()));
    let resolved = sandbox.run(&["-f", "compose.yaml", "config"]);
    assert!([0, 1].contains(&resolved.code()));
}

#[test]
fn hundred_thousand_brackets_are_refused() {
    for opening in ["[", "{a: ", "- "] {
        let said = refused(&Sandbox::with_compose(format!("services:\n  web: {}", opening.repeat(100_000))));
        assert!(said.contains("error[yaml-invalid]"), "{said}");
        assert!(said.len() < 20_000, "the message quotes {} bytes", said.len());
    }
}

#[test]
fn deep_indentation_is_refused() {
    let mut text = String::new();
    for depth in 0..12_000 {
        let _ = writeln!(text, "{:depth$}a:", "");
    }
    let said = refused(&Sandbox::with_compose(text.into_bytes().into_iter().take(15 << 20).collect::<Vec<u8>>()));
    assert!(said.contains("error["), "{}", &said[..said.len().min(500)]);
}

#[test]
fn deep_braces_in_a_variable_are_refused() {
    let nested = format!("{}x{}", "${A:-".repeat(50_000), "}".repeat(50_000));
    let sandbox = Sandbox::with_compose(format!("services:\n  web:\n    image: \"{nested}\"\n"));
    for arguments in [&["validate", "compose.yaml"][..], &["-f", "compose.yaml", "config"]] {
        assert!([0, 1].contains(&sandbox.run(arguments).code()));
    }
}

#[test]
fn file_over_the_limit_is_refused_and_the_limit_can_be_set() {
    let comment = "#".repeat(17 << 20);
    let sandbox = Sandbox::with_compose(format!("{comment}\nservices:\n  web:\n    image: nginx:1.27.3\n"));
    let said = refused(&sandbox);
    assert!(said.contains("16777216") || said.contains("16 MiB"), "{said}");
    let run = sandbox.stackctl(&["-f", "compose.yaml", "config", "--services"]);
    assert_eq!(run.env("STACKCTL_MAX_FILE_SIZE", "32MiB").run().expect(0).stdout, "web\n");
}

#[test]
fn nul_bytes_are_refused() {
    let said = refused(&Sandbox::with_compose(b"services:\n  web:\n    image: \"a\0b\"\n"));
    assert!(said.contains("U+0000"), "{said}");
    refused(&Sandbox::with_compose([0; 4096]));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let said = refused(&Sandbox::with_compose(b"services:\n  web:\n    image: \xff\xfe\xc3(\n"));
    assert!(said.contains("error[yaml-invalid]"), "{said}");
}

#[test]
fn utf_16_byte_order_marks_and_crlf_are_read() {
    let text = "services:\r\n  web:\r\n    image: nginx:1.27.3\r\n";
    let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect()
    };
    let encodings: [Vec<u8>; 4] =
        [text.into(), format!("\u{feff}{text}").into(), wide(u16::to_le_bytes), wide(u16::to_be_bytes)];
    for bytes in encodings {
        let sandbox = Sandbox::with_compose(&bytes);
        let ended = sandbox.run(&["config", "--services"]).expect(0);
        assert_eq!(ended.stdout, "web\n", "{:?}", &bytes[..4]);
    }
}

#[test]
fn circles_of_includes_and_extends_are_refused() {
    let includes = Sandbox::with_compose("include: [other.yaml]\n").file("other.yaml", "include: [compose.yaml]\n");
    let said = refused(&includes);
    assert!(said.contains("other.yaml"), "{said}");
    let extends = Sandbox::with_compose(
        "services:\n  a:\n    extends: b\n    image: nginx:1.27.3\n  b:\n    extends: {file: other.yaml, service: c}\n",
    )
    .file("other.yaml", "services:\n  c:\n    extends: {file: compose.yaml, service: a}\n");
    refused(&extends);
    refused(&Sandbox::with_compose("services:\n  a:\n    extends: a\n"));
    refused(&Sandbox::with_compose("include: [compose.yaml]\n"));
}

#[test]
fn long_chains_of_extends_are_refused() {
    let mut text = String::from("services:\n");
    for number in 0..20_000 {
        let _ = writeln!(text, "  s{number}:\n    extends: s{}", number + 1);
    }
    text.push_str("  s20000:\n    image: nginx:1.27.3\n");
    let said = refused(&Sandbox::with_compose(text));
    assert!(said.contains("deep"), "{}", &said[..said.len().min(500)]);
}

#[test]
fn services_that_take_over_too_much_are_refused() {
    let mut text = String::from("services:\n  base:\n    image: nginx:1.27.3\n    environment:\n");
    for number in 0..20_000 {
        let _ = writeln!(text, "      V{number}: x");
    }
    for number in 0..1000 {
        let _ = writeln!(text, "  s{number}: {{extends: base}}");
    }
    let resolved = Sandbox::with_compose(text).run(&["config"]).expect(1);
    assert!(resolved.stderr.contains("take over too much"), "{}", &resolved.stderr[..500]);
}

#[test]
fn includes_that_double_at_every_step_are_refused() {
    let mut sandbox = Sandbox::new();
    for level in 0..25 {
        let below = level + 1;
        for side in ["a", "b"] {
            let text = format!("include: [{{path: {below}a.yaml}}, {{path: {below}b.yaml}}]\n");
            sandbox = sandbox.file(&format!("{level}{side}.yaml"), text);
        }
    }
    let last = "services: {web: {image: \"nginx:1.27.3\"}}\n";
    let sandbox = sandbox.file("25a.yaml", last).file("25b.yaml", last);
    for arguments in [&["-f", "0a.yaml", "config"][..], &["validate", "0a.yaml"]] {
        let said = words(&sandbox.run(arguments).expect(1));
        assert!(said.contains("too much"), "{}", &said[..said.len().min(500)]);
    }
}

#[test]
fn folders_that_lead_back_into_themselves_come_to_an_end() {
    let sandbox = Sandbox::with_compose("include: [below/compose.yaml]\n");
    std::os::unix::fs::symlink(".", sandbox.path().join("below")).expect("a link");
    refused(&sandbox);
}

#[test]
fn what_is_no_file_is_refused() {
    let directory = Sandbox::new().folder("compose.yaml");
    let said = words(&directory.run(&["-f", "compose.yaml", "config"]).expect(1));
    assert!(said.contains("directory"), "{said}");
    let missing = Sandbox::new();
    missing.run(&["-f", "compose.yaml", "config"]).expect(1);
    missing.run(&["validate", "compose.yaml"]).expect(2);
    let env_file =
        Sandbox::with_compose("services:\n  web:\n    image: nginx:1.27.3\n    env_file: [dir]\n").folder("dir");
    refused(&env_file);
}

#[test]
fn unreadable_file_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::with_compose("services: {}\n");
    let path = sandbox.path().join("compose.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("permissions");
    if fs::read(&path).is_ok() {
        // The superuser reads everything: nothing to see here.
        return;
    }
    let said = refused(&sandbox);
    assert!(said.contains("permission denied"), "{said}");
}

#[test]
fn endless_input_is_cut_off() {
    let ended = Sandbox::new().stackctl(&["-f", "-", "config"]).input(vec![b'#'; 17 << 20]).run().expect(1);
    assert!(ended.stderr.contains("limit"), "{}", ended.stderr);
    let device = Sandbox::new().run(&["-f", "/dev/zero", "config"]).expect(1);
    assert!(device.stderr.contains("limit"), "{}", device.stderr);
}

#[test]
fn empty_and_odd_documents_are_refused_with_words() {
    for text in ["", "\n", "---\n", "null\n", "42\n", "- a\n", "a\n", "? [x]\n: y\n", "services: []\n", "\"\u{7f}\n"] {
        let sandbox = Sandbox::with_compose(text);
        let ended = sandbox.run(&["-f", "compose.yaml", "config"]).expect(1);
        assert!(ended.stderr.contains("error["), "{text:?}: {}", ended.stderr);
        assert!([0, 1].contains(&sandbox.run(&["validate", "compose.yaml"]).code()), "{text:?}");
    }
}
