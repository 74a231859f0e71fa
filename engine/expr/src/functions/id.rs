//! Values as ids: hashes, and new ids.

use blake3::Hasher;
use wf_value::{Expose, Type, Value};

use super::{Answer, Args, Body::Nulls, Body::Special, Function, Param, Run};
use crate::types::Takes;

pub(super) static FUNCTIONS: &[Function] = &[
    Function::free("hash", &[Param::Value], "hash(x)", Nulls(hash), |call| call.gives(&[Takes::Any], Type::Text))
        .doc(
            "The BLAKE3 hash of a value in 64 hexadecimal digits; equal values have equal ones. Unknown when \
             something in it is.",
        )
        .examples(&[("hash({'a': 1, 'b': 2}) == hash({'b': 2.0, 'a': 1})", "true"), ("size(hash(null))", "64")])
        .sees_null(),
    Function::free("shortId", &[], "shortId()", Special(short_id), |call| call.gives(&[], Type::Text))
        .doc(
            "A new id of 22 letters and digits: another one for each call, the same ones when a run is replayed. \
             Unknown outside of a run.",
        )
        .examples(&[("size(ifUnknown(shortId(), '0123456789012345678901'))", "22")]),
];

fn hash(args: &Args<'_>) -> Answer {
    let value = args.value(0);
    let json = value.canonical(Expose::Yes).map_err(|error| error.to_unknown())?;
    let hash = Value::from(blake3::hash(json.as_bytes()).to_hex().to_string());
    Ok(if value.has_secret() { hash.secret() } else { hash })
}

/// The alphabet of short ids on the wire: no `0 1 I O l`, which people mix up.
const ALPHABET: &[u8; 57] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const LENGTH: usize = 22;

fn short_id(run: &mut Run<'_, '_>) -> Answer {
    let Some(seed) = run.ctx.seed else {
        return Err(run.call.operand("there are no new ids outside of a run"));
    };
    let drawn = run.ctx.drawn.get();
    run.ctx.drawn.set(drawn + 1);
    let mut hasher = Hasher::new();
    hasher.update(&seed.to_le_bytes()).update(&drawn.to_le_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Ok(shortened(u128::from_le_bytes(bytes)).into())
}

/// A number in base 57, most significant digit first.
fn shortened(mut number: u128) -> String {
    let mut digits = [ALPHABET[0]; LENGTH];
    for digit in digits.iter_mut().rev() {
        // the remainder is less than 57
        *digit = ALPHABET[usize::try_from(number % 57).unwrap_or_default()];
        number /= 57;
    }
    digits.iter().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_fits() {
        assert_eq!(shortened(0), "2".repeat(22));
        assert_eq!(shortened(58).get(20..), Some("33"));
        assert_eq!(shortened(u128::MAX).len(), 22);
    }
}
