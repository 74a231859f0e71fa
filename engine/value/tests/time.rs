//! Times as vendors write them: the patterns that connectors and workflows use, with texts of recorded cases.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use wf_value::{Pattern, TimeFormat, Value, zone};

fn at(iso: &str) -> Timestamp {
    iso.parse().unwrap_or_default()
}

fn read(pattern: &str, text: &str, zone: Option<&str>) -> Option<Timestamp> {
    let zone = zone.and_then(wf_value::zone);
    Pattern::parse(pattern).ok()?.read(text, zone.as_ref())
}

fn print(pattern: &str, iso: &str, name: &str) -> String {
    let zone = zone(name).unwrap_or(TimeZone::UTC);
    Pattern::parse(pattern).map(|p| p.print(at(iso), &zone)).unwrap_or_else(|e| e.to_string())
}

#[test]
fn texts_of_vendors_are_read() {
    for (pattern, text, zone, iso) in [
        ("M/D/YYYY h:mm:ss A", "6/1/2022 1:05:44 PM", Some("UTC"), "2022-06-01T13:05:44Z"),
        ("M/D/YYYY h:mm:ss A", "02/28/2022 12:00:00 PM", Some("UTC"), "2022-02-28T12:00:00Z"),
        ("M/D/YYYY h:mm:ss A", "06/01/2022 12:05:09 AM", Some("UTC"), "2022-06-01T00:05:09Z"),
        ("YYYY-MM-DD HH:mm:ss[.SSSSSS]ZZ", "2022-06-01 09:05:44-04:00", None, "2022-06-01T13:05:44Z"),
        ("YYYY-MM-DD HH:mm:ss[.SSSSSS]ZZ", "2022-06-01 09:05:44.25+0000", None, "2022-06-01T09:05:44.25Z"),
        ("YYYY-MM-DDTHH:mm:ssZ", "2022-06-01T13:05:44Z", None, "2022-06-01T13:05:44Z"),
        ("MM/DD/YYYY, HH:mm:ss", "06/01/2022, 13:05:44", Some("UTC"), "2022-06-01T13:05:44Z"),
        ("YYYY-MM-DD h:mm A", "2020-03-16 6:00 PM", Some("US/Eastern"), "2020-03-16T22:00:00Z"),
        ("YYYY-MM-DD h.mmA", "2020-06-21 4.00AM", Some("US/Pacific"), "2020-06-21T11:00:00Z"),
        ("MMM DD, YYYY @ hh:mm A", "dec 01, 2021 @ 12:30 pm", Some("US/Pacific"), "2021-12-01T20:30:00Z"),
        ("MMMM DD YYYY - HH:mm:ss", "June 01 2022 - 10:00:00", Some("-4"), "2022-06-01T14:00:00Z"),
        ("YYYYMMDD", "20220601", Some("UTC"), "2022-06-01T00:00:00Z"),
        ("YYYY-MM", "2022-06", Some("UTC"), "2022-06-01T00:00:00Z"),
        ("YYYY-MM-DD H 'h' mm", "2022-06-01 9 h 05", Some("UTC"), "2022-06-01T09:05:00Z"),
    ] {
        assert_eq!(read(pattern, text, zone), Some(at(iso)), "{text} as {pattern}");
    }
}

#[test]
fn texts_of_another_kind_are_not() {
    for (pattern, text, zone) in [
        ("M/D/YYYY h:mm:ss A", "2022-06-01T13:05:44Z", Some("UTC")),
        ("M/D/YYYY h:mm:ss A", "6/1/2022 13:05:44 PM", Some("UTC")),
        ("M/D/YYYY h:mm:ss A", "6/1/2022 1:05:44 PM ", Some("UTC")),
        ("M/D/YYYY h:mm:ss A", "6/1/2022 1:05:44 PM", None),
        ("M/D/YYYY h:mm:ss A", "2/30/2022 1:05:44 PM", Some("UTC")),
        ("MM/DD/YYYY", "06/01/22", Some("UTC")),
        ("YYYY-MM-DD h:mm A", "2022-06-01 0:30 AM", Some("UTC")),
        ("MMM D YYYY", "Jux 1 2022", Some("UTC")),
        ("hh:mm A", "01:00 PM", Some("UTC")),
        ("YYYY-MM-DD", "", Some("UTC")),
        ("YYYY-MM-DD A", "2022-06-01 é", Some("UTC")),
    ] {
        assert_eq!(read(pattern, text, zone), None, "{text} as {pattern}");
    }
}

#[test]
fn iso_is_read_in_all_its_spellings() {
    for text in [
        "2022-06-01T13:05:44Z",
        "2022-06-01T13:05:44.000Z",
        "2022-06-01t13:05:44z",
        "2022-06-01 13:05:44Z",
        "2022-06-01 13:05:44+00:00",
        "2022-06-01T13:05:44.000000+0000",
        "2022-06-01T09:05:44-04:00",
        "2022-06-01T09:05:44.000-0400",
        "2022-06-01T09:05:44-04",
        "20220601T130544Z",
    ] {
        assert_eq!(read("ISO", text, None), Some(at("2022-06-01T13:05:44Z")), "{text}");
        assert_eq!(read("ISO", text, Some("US/Eastern")), Some(at("2022-06-01T13:05:44Z")), "{text}");
    }
    for text in ["2022-06-01T09:05:44", "2022-06-01 09:05:44.000", "20220601 090544"] {
        assert_eq!(read("ISO", text, None), None, "{text}");
        assert_eq!(read("ISO", text, Some("US/Eastern")), Some(at("2022-06-01T13:05:44Z")), "{text}");
    }
    assert_eq!(read("ISO", "2022-06-01", Some("UTC")), Some(at("2022-06-01T00:00:00Z")));
    assert_eq!(read("ISO", "2022-06-01", None), None);
    assert_eq!(read("ISO", "2022-06-01T13:05", Some("UTC")), Some(at("2022-06-01T13:05:00Z")));
    for text in [
        "0000-00-00 00:00:00",
        "never",
        "",
        "2022-06-01T13:05:44+99:00",
        "2022-13-01T00:00:00Z",
        "2022-06-01T13:05:44 00:00",
    ] {
        assert_eq!(read("ISO", text, Some("UTC")), None, "{text}");
    }
}

#[test]
fn moments_are_printed() {
    for (pattern, iso, zone, text) in [
        ("YYYY-MM-DD", "2022-06-01T03:00:00Z", "US/Eastern", "2022-05-31"),
        ("YYYY-MM-DD HH:mm:ss[.SSSSSS]ZZ", "2022-06-01T13:05:44Z", "US/Eastern", "2022-06-01 09:05:44-04:00"),
        ("YYYY-MM-DD HH:mm:ss[.SSSSSS]ZZ", "2022-06-01T13:05:44.5Z", "UTC", "2022-06-01 13:05:44.500000+00:00"),
        ("YYYY-MM-DD 23:59:59.999999ZZ", "2022-06-01T13:05:44Z", "UTC", "2022-06-01 23:59:59.999999+00:00"),
        ("YYYY-MM-DDTHH:mm:ssZ", "2022-06-01T13:05:44.9Z", "UTC", "2022-06-01T13:05:44Z"),
        ("YYYY-MM-DDTHH:mm:ssZ", "2022-01-01T13:05:44Z", "US/Eastern", "2022-01-01T08:05:44-05:00"),
        ("M/D/YYYY h:mm:ss A", "2022-06-01T00:05:44Z", "UTC", "6/1/2022 12:05:44 AM"),
        ("MMM DD, YYYY @ hh:mm A", "2020-03-16T22:00:00Z", "US/Eastern", "Mar 16, 2020 @ 06:00 PM"),
        ("MMMM DD YYYY - HH:mm:ss", "2022-06-01T14:00:00Z", "UTC", "June 01 2022 - 14:00:00"),
        ("hh:mm A", "2022-06-01T12:00:00Z", "UTC", "12:00 PM"),
        ("[.SSSSSS]", "2022-06-01T12:00:00Z", "UTC", ""),
        ("[.SSSSSS]", "2022-06-01T12:00:00.25Z", "UTC", ".250000"),
        ("ISO", "2022-06-01T13:05:44Z", "UTC", "2022-06-01T13:05:44Z"),
        ("ISO", "2022-06-01T13:05:44.5Z", "US/Eastern", "2022-06-01T09:05:44.5-04:00"),
        ("ISO", "2022-01-01T00:00:00Z", "Europe/London", "2022-01-01T00:00:00+00:00"),
        ("YYYY-MM-DD HH:mmZZ", "2022-06-01T00:00:00Z", "5.5", "2022-06-01 05:30+05:30"),
    ] {
        assert_eq!(print(pattern, iso, zone), text, "{pattern}");
    }
}

#[test]
fn clocks_that_are_put_forward_and_back() {
    // 2:30 does not exist on 13 March 2022, and is shown twice on 6 November
    let read = |text: &str| read("YYYY-MM-DD HH:mm", text, Some("US/Eastern"));
    assert_eq!(read("2022-03-13 02:30"), Some(at("2022-03-13T07:30:00Z")));
    assert_eq!(read("2022-11-06 01:30"), Some(at("2022-11-06T05:30:00Z")));
}

#[test]
fn a_declared_time_reads_and_prints() {
    let american = TimeFormat::new(Some("M/D/YYYY h:mm:ss A"), Some("UTC")).unwrap_or_default();
    assert_eq!(american.read(&Value::text("6/1/2022 1:05:44 PM")), Some(at("2022-06-01T13:05:44Z")));
    assert_eq!(american.print(at("2022-06-01T13:05:44Z")), Value::text("6/1/2022 1:05:44 PM"));
    let epoch = TimeFormat::new(Some("epoch_ms"), None).unwrap_or_default();
    assert_eq!(epoch.read(&Value::Int(1_654_088_744_000)), Some(at("2022-06-01T13:05:44Z")));
    assert_eq!(epoch.print(at("2022-06-01T13:05:44Z")), Value::Int(1_654_088_744_000));
    assert_eq!(epoch.read(&Value::text("yesterday")), None);
    assert_eq!(epoch.read(&Value::Int(i64::MAX)), None);
    assert_eq!(TimeFormat::default().read(&Value::Int(5)), None);
    for (format, zone) in [(Some("hh:mm A"), None), (Some("YYYY-mm-dd"), None), (None, Some("Mars/Olympus"))] {
        assert!(TimeFormat::new(format, zone).is_err());
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read(seconds in 0_i64..4_102_444_800, micros in 0_i32..1_000_000, hours in -12_i64..=14) {
        let moment = Timestamp::new(seconds, micros * 1000).unwrap_or_default();
        let zone = wf_value::zone_of(&Value::Int(hours)).unwrap_or(TimeZone::UTC);
        for text in ["ISO", "YYYY-MM-DD HH:mm:ss[.SSSSSS]ZZ", "MMMM D, YYYY h:mm:ss.SSSSSS A", "YYYYMMDDTHHmmss[.SSSSSS]Z"] {
            let pattern = Pattern::parse(text);
            let printed = pattern.as_ref().map(|p| p.print(moment, &zone)).unwrap_or_default();
            prop_assert_eq!(pattern.map(|p| p.read(&printed, Some(&zone))), Ok(Some(moment)), "{} as {}", printed, text);
        }
    }

    #[test]
    fn no_text_makes_it_fall_over(pattern in "\\PC{0,12}|[YMDHhmsSAZT'\\[\\] :-]{0,12}", text in "\\PC{0,20}") {
        if let Ok(pattern) = Pattern::parse(&pattern) {
            let _ = pattern.read(&text, Some(&TimeZone::UTC));
            let _ = pattern.print(Timestamp::MIN, &TimeZone::UTC);
            let _ = pattern.print(Timestamp::MAX, &TimeZone::UTC);
        }
    }
}
