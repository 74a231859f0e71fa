//! Numbers: when a text or a fraction is a whole one.

/// The whole number that a text writes in digits, without blanks, signs beyond `-`, or leading zeros beyond what the caller allows.
#[must_use]
pub fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// The whole number that a float is exactly.
#[must_use]
pub(crate) fn exact_int(f: f64) -> Option<i64> {
    // 2^63 itself does not fit
    let fits = f.fract() == 0.0 && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&f);
    #[allow(clippy::cast_possible_truncation, reason = "checked above")]
    fits.then_some(f as i64)
}
