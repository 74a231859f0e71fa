//! Compares what a page shows with what was printed. `…` as a line stands for any lines, within a line for anything.

/// `None` when it is as shown; else what differs, for people.
pub fn difference(shown: &[String], printed: &[String]) -> Option<String> {
    let shown: Vec<&str> = shown.iter().map(|l| l.trim_end()).collect();
    let printed: Vec<&str> = printed.iter().map(|l| l.trim_end()).collect();
    if lines_fit(&shown, &printed) {
        return None;
    }
    Some(format!("shown:\n{}\n\nprinted:\n{}\n", shown.join("\n"), printed.join("\n")))
}

/// Whether the printed lines begin with what is shown.
pub fn begins(shown: &[String], printed: &[String]) -> bool {
    (0..=printed.len()).any(|n| difference(shown, &printed[..n]).is_none())
}

fn lines_fit(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line.trim() == "…" => (0..=printed.len()).any(|n| lines_fit(rest, &printed[n..])),
        Some((line, rest)) => {
            printed.split_first().is_some_and(|(first, others)| line_fits(line, first) && lines_fit(rest, others))
        }
    }
}

fn line_fits(shown: &str, printed: &str) -> bool {
    let Some((begin, rest)) = shown.split_once('…') else { return shown == printed };
    let Some(printed) = printed.strip_prefix(begin) else { return false };
    (0..=printed.len()).filter(|n| printed.is_char_boundary(*n)).any(|n| line_fits(rest, &printed[n..]))
}

#[test]
fn what_is_left_out_may_be_anything() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let fits = |shown: &str, printed: &str| difference(&lines(shown), &lines(printed)).is_none();
    assert!(fits("a\nb", "a\nb"));
    assert!(fits("a\n…\nd", "a\nb\nc\nd") && fits("…\nd", "d") && fits("a\n…", "a\nb"));
    assert!(fits("run … ended after … s", "run 7 ended after 1.2 s"));
    assert!(!fits("a", "a\nb") && !fits("a\nb", "a") && !fits("a…c", "abd") && !fits("a\n…\nd", "a\nb"));
    assert!(begins(&lines("a\nb…"), &lines("a\nbc\nd")) && !begins(&lines("a\nx"), &lines("a\nb")));
}
