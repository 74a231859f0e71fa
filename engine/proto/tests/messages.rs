//! Values to messages and back.

use std::sync::Arc;

use wf_proto::{Defaults, Message, Protos, Unlisted};
use wf_value::{Text, Type, Value, decode};

const PROTO: &str = r#"
syntax = "proto3";
package all;
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "google/protobuf/struct.proto";
enum Color { NONE = 0; RED = 1; }
message Row { string name = 1; int32 sla = 2; Row next = 3; }
message All {
  int64 long = 1; uint64 longer = 2; sint32 short = 3; float part = 4; double more = 5; bool flag = 6; string text = 7; bytes data = 8;
  Color color = 9; repeated Row rows = 10; map<string, string> sites = 11; map<int32, Row> by_number = 12; optional string maybe = 13;
  oneof one { string left = 14; int64 right = 15; }
  google.protobuf.Timestamp at = 16; google.protobuf.Int64Value wrapped = 17; google.protobuf.Struct free = 18;
  google.protobuf.Value any = 19; repeated float parts = 20; Row row = 21;
}
"#;

fn message(name: &str) -> Message {
    let protos = Protos::compile("all.proto", &|path| (path == "all.proto").then(|| Arc::from(PROTO)));
    let protos = protos.unwrap_or_else(|why| panic!("{why:?}"));
    protos.message(name).unwrap_or_else(|| panic!("no {name}"))
}

fn value(json: &str) -> Value {
    decode(json).unwrap_or_else(|why| panic!("{why}: {json}"))
}

/// What is left of a value that was sent and came back.
fn round(json: &str, defaults: Defaults) -> String {
    let all = message("all.All");
    let bytes = all.build(&value(json), Unlisted::Refuse).unwrap_or_else(|why| panic!("{why}: {json}"));
    let back = all.read(&bytes, defaults, &Text::from("shop.find")).unwrap_or_else(|why| panic!("{why}"));
    back.encode().unwrap_or_default()
}

fn refused(json: &str) -> String {
    match message("all.All").build(&value(json), Unlisted::Refuse) {
        Ok(_) => panic!("{json} was built"),
        Err(why) => why.to_string(),
    }
}

#[test]
fn every_kind_comes_back_as_json_has_it() {
    for (json, back) in [
        (
            r#"{"long": 9007199254740993, "longer": 18446744073709551615}"#,
            r#"{"long":"9007199254740993","longer":"18446744073709551615"}"#,
        ),
        (r#"{"long": "-5", "short": 7.0}"#, r#"{"long":"-5","short":7}"#),
        (
            r#"{"part": 0.94843847, "more": "1.5", "parts": [1, "2.5"]}"#,
            r#"{"part":0.94843847,"more":1.5,"parts":[1.0,2.5]}"#,
        ),
        (r#"{"part": "Infinity"}"#, r#"{"part":"Infinity"}"#),
        (r#"{"flag": true, "text": "x", "data": "+/8="}"#, r#"{"flag":true,"text":"x","data":"+/8="}"#),
        (r#"{"color": "RED"}"#, r#"{"color":"RED"}"#),
        (r#"{"color": 9}"#, r#"{"color":9}"#),
        (r#"{"rows": [{"name": "a", "next": {"sla": 3}}, {}]}"#, r#"{"rows":[{"name":"a","next":{"sla":3}},{}]}"#),
        (
            r#"{"sites": {"b": "2", "a": "1"}, "by_number": {"7": {"name": "x"}}}"#,
            r#"{"sites":{"a":"1","b":"2"},"by_number":{"7":{"name":"x"}}}"#,
        ),
        (r#"{"byNumber": {"7": {}}}"#, r#"{"by_number":{"7":{}}}"#),
        (r#"{"maybe": "", "right": 0}"#, r#"{"maybe":"","right":"0"}"#),
        (
            r#"{"at": "2022-06-01T12:00:00Z", "wrapped": "7", "free": {"a": [1, null]}, "any": null}"#,
            r#"{"at":"2022-06-01T12:00:00Z","wrapped":"7","free":{"a":[1.0,null]},"any":null}"#,
        ),
        (r#"{"long": null, "text": null, "rows": null, "row": null}"#, "{}"),
        (r#"{"long": 0, "text": "", "flag": false, "rows": [], "color": "NONE"}"#, "{}"),
    ] {
        assert_eq!(round(json, Defaults::Omit), back, "{json}");
    }
}

#[test]
fn defaults_may_be_shown_but_not_what_is_not_set() {
    let row = message("all.Row");
    let bytes = row.build(&value("{}"), Unlisted::Refuse).unwrap_or_default();
    let shown = row.read(&bytes, Defaults::Include, &Text::default()).unwrap_or_default();
    assert_eq!(shown.encode().unwrap_or_default(), r#"{"name":"","sla":0}"#);
}

#[test]
fn what_does_not_fit_is_told_by_its_place_and_not_told_itself() {
    for (json, why) in [
        (r#"{"long": "s3cret"}"#, "`long` is a text, it should be a whole number"),
        (r#"{"rows": [{}, {"sla": 2147483648}]}"#, "`rows[1].sla` is out of range"),
        (r#"{"rows": [{"name": 5}]}"#, "`rows[0].name` is a whole number, it should be a text"),
        (r#"{"rows": [null]}"#, "`rows[0]` is null, it should be an object"),
        (r#"{"rows": {}}"#, "`rows` is a map, it should be a list"),
        (r#"{"flag": 1}"#, "`flag` is a whole number, it should be true or false"),
        (r#"{"sites": {"a": null}}"#, "`sites.a` is null, it should be a text"),
        (r#"{"by_number": {"x": {}}}"#, "`by_number.x` is a text, it should be a whole number"),
        (r#"{"color": "BLUE"}"#, "`color` is none of NONE, RED"),
        (r#"{"left": "a", "right": 1}"#, "`right` cannot stand beside `left`: only one of them is set"),
        (r#"{"at": "noon"}"#, "`at` is a text, which is no google.protobuf.Timestamp"),
        (r#"{"row": {"nme": "x"}}"#, "`row` has no field `nme`"),
        (r#"[]"#, "is a list, it should be an object"),
    ] {
        assert_eq!(refused(json), why, "{json}");
    }
    let ignored = message("all.All").build(&value(r#"{"row": {"nme": "x"}, "nobody": 1}"#), Unlisted::Ignore);
    assert_eq!(ignored, Ok(vec![0xaa, 0x01, 0x00]));
}

#[test]
fn secrets_are_laid_open_for_whom_they_are_meant() {
    let secret: Value =
        [(Text::from("name"), Value::text("s3cret").secret())].into_iter().collect::<wf_value::Map>().into();
    let built = message("all.Row").build(&secret, Unlisted::Refuse);
    assert_eq!(built, Ok([&[0x0a, 6][..], b"s3cret"].concat()));
}

#[test]
fn bytes_that_are_no_message_are_an_error() {
    let why = message("all.Row").read(&[0x0a, 0x7f, 1], Defaults::Omit, &Text::default());
    assert!(why.is_err_and(|why| why.to_string().starts_with("the answer is no `all.Row`")));
}

#[test]
fn the_checker_knows_what_comes_and_what_may_be_sent() {
    let words = |ty: &Type, field: &str| match ty {
        Type::Shape(shape) => shape.field(field).map(|f| f.ty.words()).unwrap_or_default(),
        _ => String::new(),
    };
    let came = message("all.All").received(Defaults::Include);
    assert_eq!(words(&came, "long"), "text");
    assert_eq!(words(&came, "short"), "integer");
    assert_eq!(words(&came, "maybe"), "optional text");
    assert_eq!(words(&came, "at"), "optional timestamp");
    let sent = message("all.All").sent();
    assert_eq!(words(&sent, "long"), "optional scalar");
    assert_eq!(words(&sent, "text"), "optional text");
}
