//! The nearest right name.

/// The candidate that `written` most likely was meant to be; `None` when none is near.
///
/// Near: at most a third of the letters differ (swapped neighbours count once), or only case, `_`, `-` and `.` differ.
#[must_use]
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(written, candidates).min_by_key(|(rank, _)| *rank).map(|(_, c)| c)
}

/// The other candidates that are as near as the nearest one: which of them was meant nobody can tell. In order, each once.
#[must_use]
pub fn equally_near<'a>(written: &str, nearest: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let Some(rank) = near(written, [nearest]).map(|(rank, _)| rank).next() else { return vec![] };
    let mut others: Vec<&str> = vec![];
    for (other_rank, other) in near(written, candidates) {
        if other_rank == rank && other != nearest && !others.contains(&other) {
            others.push(other);
        }
    }
    others
}

/// Candidates that are near, each with how far it is: the letters that differ, then the difference in length.
fn near<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> impl Iterator<Item = ((usize, usize), &'a str)> {
    let plain = |s: &str| {
        s.chars().filter(|c| !matches!(c, '_' | '-' | '.' | ' ')).flat_map(char::to_lowercase).collect::<String>()
    };
    let written_plain = plain(written);
    let limit = (written.chars().count().max(3)).div_ceil(3);
    let length = written.len();
    candidates.into_iter().filter(|c| !c.is_empty()).filter_map(move |c| {
        let same = plain(c) == written_plain;
        let distance = if same { 0 } else { strsim::damerau_levenshtein(&written_plain, &plain(c)) };
        let rank = (distance, c.len().abs_diff(length));
        (same || distance <= limit && distance < c.chars().count()).then_some((rank, c))
    })
}

/// The candidate of which `written` is a slip, most likely: it is no candidate itself, and only case, `_`, `-`, `.`, blanks or a single
/// letter differ. Short names differ by a letter on purpose, and so do those that are numbered.
#[must_use]
pub fn slip<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut slip = None;
    for candidate in candidates {
        if candidate == written {
            return None;
        }
        if slip.is_none() && is_slip(written, candidate) {
            slip = Some(candidate);
        }
    }
    slip
}

fn is_slip(written: &str, meant: &str) -> bool {
    let letters = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let (a, b) = (letters(written), letters(meant));
    if a == b {
        return !a.is_empty();
    }
    let words = |s: &str| s.chars().filter(|c| !c.is_numeric()).collect::<String>();
    a.chars().count().min(b.chars().count()) >= SHORTEST
        && words(&a) != words(&b)
        && strsim::damerau_levenshtein(&a, &b) == 1
}

/// Letters of a name of which another is a slip.
const SHORTEST: usize = 4;

/// `a, b or c`, at most `most` of them; the rest as `… (n more)`.
#[must_use]
pub fn one_of<'a>(names: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.as_slice() {
        [] => "nothing".into(),
        [one] => (*one).into(),
        many if many.len() > most => format!("{}, … ({} more)", many[..most].join(", "), many.len() - most),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspellings_and_other_cases_are_near_and_strangers_are_not() {
        let names = ["ticketID", "clientID", "ticketStatus"];
        assert_eq!(nearest("tiketID", names), Some("ticketID"));
        assert_eq!(nearest("ticket_id", names), Some("ticketID"));
        assert_eq!(nearest("severity", names), None);
        assert_eq!(nearest("", names), None);
    }

    #[test]
    fn of_equally_near_names_none_is_left_out() {
        let names = ["client_id", "client_ip", "client", "site_id"];
        assert_eq!(nearest("client_ix", names), Some("client_id"));
        assert_eq!(equally_near("client_ix", "client_id", names), ["client_ip"]);
        assert_eq!(equally_near("clientid", "client_id", names), [""; 0]);
    }

    #[test]
    fn a_slip_is_one_letter_or_other_letters_and_no_name_of_its_own() {
        let names = ["CONNECTED", "NEVER_ACTIVATED", "VOO", "WAN 1"];
        assert_eq!(slip("NEVER_ACTIVATE", names), Some("NEVER_ACTIVATED"));
        assert_eq!(slip("never activated", names), Some("NEVER_ACTIVATED"));
        for other in ["CONNECTED", "DISCONNECTED", "VAO", "WAN 2", "", "--"] {
            assert_eq!(slip(other, names), None, "{other}");
        }
    }

    #[test]
    fn lists_are_read_aloud() {
        assert_eq!(one_of(["a", "b", "c"], 9), "a, b or c");
        assert_eq!(one_of(["a", "b", "c"], 2), "a, b, … (1 more)");
    }
}
