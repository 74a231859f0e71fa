//! Phone numbers.

use phonenumber::Mode;
use phonenumber::country::Id as Country;
use wf_value::{Type, Value};

use super::{Answer, Args, Body::Plain, Function, Param, Unfit};
use crate::code::Ready;
use crate::types::Takes;

/// What people write as one number is not longer.
const LONGEST: usize = 250;

pub(super) static FUNCTIONS: &[Function] =
    &[Function::method("phone", &[Param::Value], "text.phone(region)", Plain(phone), |call| {
        call.gives(&[Takes::Text, Takes::Text], Type::Text.optional())
    })
    .doc(
        "The phone number as E.164 writes it, read as it is written in a country (`US`); null when it is \
             none.",
    )
    .examples(&[
        ("'(212) 555-0123'.phone('US')", "'+12125550123'"),
        ("'12125550123'.phone('US')", "'+12125550123'"),
        ("'nobody'.phone('US')", "null"),
    ])
    .ready(prepare)];

fn country(region: &str) -> Option<Country> {
    region.parse().ok()
}

fn unknown_country(region: &str) -> String {
    format!("'{region}' is no country, these are two capital letters as in US")
}

/// Nothing is kept ready, but a constant country must be one.
fn prepare(args: &[Option<&Value>]) -> Result<Option<Box<dyn Ready>>, Unfit> {
    match args.get(1) {
        Some(Some(Value::Text(region))) if country(region).is_none() => {
            Err(Unfit { arg: 1, message: unknown_country(region), offset: None })
        }
        _ => Ok(None),
    }
}

fn phone(args: &Args<'_>) -> Answer {
    let (text, region) = (args.text(0)?, args.text(1)?);
    let country = country(&region).ok_or_else(|| args.call.operand(unknown_country(&region)))?;
    if text.len() > LONGEST {
        return Ok(Value::Null);
    }
    let number = phonenumber::parse(Some(country), text.as_str());
    Ok(number.map_or(Value::Null, |number| number.format().mode(Mode::E164).to_string().into()))
}
