//! Functions of bytes, and bytes of files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wf_value::{Type, Value};

use super::{Answer, Args, Body::Plain, Function, Param};
use crate::types::{Takes, rules};

pub(super) static FUNCTIONS: &[Function] = &[
    Function::method("base64", &[], "x.base64()", Plain(to_base64), |call| call.gives(&[Takes::Any], Type::Text))
        .doc("The bytes, or a text in UTF-8, in base64.")
        .examples(&[("'né'.base64()", "'bsOp'")]),
    Function::method("fromBase64", &[], "text.fromBase64()", Plain(from_base64), |call| {
        call.gives(&[Takes::Text], Type::Bytes)
    })
    .doc(
        "The bytes that a text in base64 writes; `.toText()` makes a text of them. Unknown when it is no \
             base64.",
    )
    .examples(&[("'bsOp'.fromBase64().toText()", "'né'")]),
    Function::free("asset", &[Param::Value], "asset(file)", Plain(asset), rules::asset)
        .doc(
            "The bytes of a file beside the workflow, read when it was loaded. Unknown when there is no such \
             file.",
        )
        .examples(&[("ifUnknown(asset('missing.png'), null)", "null")]),
];

fn to_base64(args: &Args<'_>) -> Answer {
    Ok(match args.value(0) {
        Value::Bytes(bytes) => STANDARD.encode(bytes).into(),
        Value::Text(text) => STANDARD.encode(text.as_bytes()).into(),
        _ => return Err(args.wrong(0, "bytes or a text")),
    })
}

fn from_base64(args: &Args<'_>) -> Answer {
    match STANDARD.decode(args.text(0)?.as_bytes()) {
        Ok(bytes) => Ok(Value::Bytes(bytes.into())),
        Err(_) => Err(args.call.operand(format!("`{}` is no base64", args.call.words(0)))),
    }
}

fn asset(args: &Args<'_>) -> Answer {
    let name = args.text(0)?;
    match args.call.program.assets.iter().find(|asset| asset.name == name) {
        Some(asset) => Ok(Value::Bytes(asset.bytes.clone())),
        None => Err(args.call.range(format!("there is no file '{name}' beside the workflow"))),
    }
}
