//! Moments as numbers that sort, in a column.

use jiff::Timestamp;

/// Nanoseconds since 1970; what 64 bits cannot count (before 1677, after 2262) is the first or last moment that they can.
pub(super) fn to_column(at: Timestamp) -> i64 {
    i64::try_from(at.as_nanosecond()).unwrap_or(if at < Timestamp::UNIX_EPOCH { i64::MIN } else { i64::MAX })
}

pub(super) fn from_column(nanos: i64) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_back() {
        for at in [Timestamp::UNIX_EPOCH, Timestamp::new(1_654_092_000, 123_456_789).unwrap_or_default()] {
            assert_eq!(from_column(to_column(at)), at);
        }
        assert!(to_column(Timestamp::MIN) < to_column(Timestamp::UNIX_EPOCH));
        assert!(to_column(Timestamp::MAX) > to_column(Timestamp::UNIX_EPOCH));
    }
}
